import Foundation
import Testing

@testable import EmotionNetwork

@Suite struct FrontEndTests {
    /// Views of `values` as a wave [samples, 1]; the arena keeps them.
    private func wave(_ values: [Float], in arena: Arena) -> MutableMatrix {
        let wave = arena.matrix(values.count, 1)
        for (index, value) in values.enumerated() { wave[index, 0] = value }
        return wave
    }

    private func largestError(_ a: [Float], _ b: [Float]) -> Float {
        a.count == b.count ? zip(a, b).map { abs($0 - $1) }.max()! / b.map(abs).max()! : .infinity
    }

    @Test func mfccMatchesLibrosa() throws {
        let golden = try SafetensorsFile(path: Golden.path("front-ends.safetensors"))
        let arena = Arena()
        let wave = wave(try Golden.floats(golden, "wave"), in: arena)
        let output = arena.matrix(MFCC.frames(wave.count), 40)
        MFCC().compute(wave.view, into: output, in: arena)
        #expect(golden.tensor("mfcc")?.shape == [output.rows, output.columns])
        #expect(largestError(output.view.values, try Golden.floats(golden, "mfcc")) < 1e-5)
    }

    @Test func logMelMatchesWhisper() throws {
        let golden = try SafetensorsFile(path: Golden.path("front-ends.safetensors"))
        let arena = Arena()
        let wave = wave(try Golden.floats(golden, "wave"), in: arena)
        let output = arena.matrix(LogMel.frames(wave.count), 80)
        LogMel().compute(wave.view, into: output, in: arena)
        #expect(golden.tensor("log_mel")?.shape == [output.rows, output.columns])
        #expect(largestError(output.view.values, try Golden.floats(golden, "log_mel")) < 1e-5)
    }

    /// Both front ends agree with their twins in double precision: on average to half a millionth of their values' spread,
    /// and everywhere to what single precision leaves of the weakest bands beside the strongest.
    @Test func bothFrontEndsAreAsExactAsSinglePrecision() {
        let arena = Arena()
        let voice = syntheticVoice(seconds: 0.5)
        let wave = wave(voice, in: arena)
        let logMel = arena.matrix(LogMel.frames(wave.count), 80)
        LogMel().compute(wave.view, into: logMel, in: arena)
        let mfcc = arena.matrix(MFCC.frames(wave.count), MFCC.coefficients)
        MFCC().compute(wave.view, into: mfcc, in: arena)
        let twins = [Scalar.logMel(voice.map(Double.init)), Scalar.mfcc(voice.map(Double.init))]
        for (output, expected) in zip([logMel.view, mfcc.view], twins) {
            let spread = expected.joined().max()! - expected.joined().min()!
            #expect(output.difference(from: expected) < 5e-6 * spread)
            let squares = zip(output.doubles.joined(), expected.joined()).reduce(0) {
                $0 + ($1.0 - $1.1) * ($1.0 - $1.1)
            }
            #expect((squares / Double(output.count)).squareRoot() < 5e-7 * spread)
        }
    }

    /// A gain gives the same result as samples that are louder by it.
    @Test(arguments: [Float(0.01), 1, 37]) func aGainEqualsLouderSamples(gain: Float) {
        let arena = Arena()
        let wave = wave(syntheticVoice(seconds: 1), in: arena)
        let louder = arena.matrix(wave.rows, 1)
        louder.copy(wave.view)
        louder.scale(by: gain)
        let mfccs = (0..<2).map { _ in arena.matrix(MFCC.frames(wave.rows), 40) }
        MFCC().compute(wave.view, gain: gain, into: mfccs[0], in: arena)
        MFCC().compute(louder.view, into: mfccs[1], in: arena)
        #expect(largestError(mfccs[0].view.values, mfccs[1].view.values) < 1e-5)
        let mels = (0..<2).map { _ in arena.matrix(LogMel.frames(wave.rows), 80) }
        LogMel().compute(wave.view, gain: gain, into: mels[0], in: arena)
        LogMel().compute(louder.view, into: mels[1], in: arena)
        #expect(largestError(mels[0].view.values, mels[1].view.values) < 1e-5)
    }

    @Test func syntheticVoiceMatchesTheGenerator() throws {
        let golden = try SafetensorsFile(path: Golden.path("front-ends.safetensors"))
        #expect(largestError(syntheticVoice(seconds: 0.4), try Golden.floats(golden, "wave")) < 1e-6)
    }

    @Test func filtersHaveUnitAreaAndMeetTheirNeighbours() {
        for scale in [MelFilterbank.Scale.htk, .slaney] {
            #expect(abs(scale.hertz(ofMel: scale.mel(ofHertz: 3456)) - 3456) < 1e-6)
            #expect(abs(scale.hertz(ofMel: scale.mel(ofHertz: 440)) - 440) < 1e-6)
            let bank = MelFilterbank(bands: 40, fftSize: 16_384, sampleRate: 16_000, scale: scale)
            for band in 0..<40 {
                let area = bank.bands[band].weights.reduce(0, +) * 16_000 / 16_384
                #expect(abs(area - 1) < 0.02)
            }
        }
    }

    @Test func tilesWholeClips() {
        #expect(Clip.tile([]).isEmpty)
        #expect(Clip.tile([Float](repeating: 0, count: 32_000)).count == 64_000)
        #expect(Clip.tile([Float](repeating: 0, count: 48_000)).count == 48_000)
        let tiled = Clip.tile((0..<19_200).map(Float.init))
        #expect(tiled.count == 57_600 && tiled[19_200] == 0 && tiled[57_599] == 19_199)
        #expect(Clip.tile([Float](repeating: 0, count: 300_000)).count == 300_000)
    }

    @Test func levelSetsTheRMSAndLeavesSilence() {
        let arena = Arena()
        let clip = wave(syntheticVoice(seconds: 1), in: arena)
        clip.scale(by: Clip.gain(of: clip.view, to: -26))
        let (mean, variance) = clip.view.moments()
        #expect(abs(10 * log10(variance + mean * mean) + 26) < 1e-4)
        let quiet = wave([1e-7, -1e-7], in: arena)
        #expect(Clip.gain(of: quiet.view, to: -26) == 1)
    }

    @Test func normaliseGivesZeroMeanUnitVariance() {
        let clip = wave(syntheticVoice(seconds: 1).map { $0 + 0.3 }, in: Arena())
        Clip.normalise(clip)
        let (mean, variance) = clip.view.moments()
        #expect(abs(mean) < 1e-6 && abs(variance - 1) < 1e-3)
    }
}
