import CEmotionSndFile
import EmotionCore
import Foundation
import TestSupport
import Testing

@testable import EmotionSoundFiles

/// Samples that are no numbers, floats in the scale of integers, and channels that cancel one another out.
@Suite struct SampleFaultTests {
    static let floats: [SoundFileKind] = [
        SF_FORMAT_WAV, SF_FORMAT_WAVEX, SF_FORMAT_RF64, SF_FORMAT_W64, SF_FORMAT_AIFF, SF_FORMAT_CAF, SF_FORMAT_AU,
    ].flatMap { container in
        [(SF_FORMAT_FLOAT, "float"), (SF_FORMAT_DOUBLE, "double")].map { type, name in
            SoundFileKind(name: "\(name)-\(container)", format: container | type)
        }
    }

    private func read(_ samples: [Float], as kind: SoundFileKind, mode: ChannelMode = .mixed) throws
        -> (samples: [Float], warnings: [SoundWarning])
    {
        let scratch = try Scratch()
        try writeSound(samples, as: kind, to: scratch.path("a"))
        let file = try AudioFile(path: scratch.path("a"), mode: mode)
        return (try file.readAll(), file.warnings)
    }

    // MARK: Samples that are no numbers

    @Test(arguments: floats) func whatIsNoNumberIsSilenceAndIsCounted(kind: SoundFileKind) throws {
        var samples = noise(seconds: 1, rate: 16_000)
        let burst = 4000..<4500
        for index in burst { samples[index] = [.nan, .infinity, -.infinity, 1e30, -.nan][index % 5] }
        let (read, warnings) = try read(samples, as: kind)
        #expect(burst.allSatisfy { read[$0] == 0 } && read[burst.upperBound] == samples[burst.upperBound])
        let warning = try #require(warnings.first)
        #expect(warnings.count == 1 && warning.kind == .invalidSamples && warning.losesSound)
        #expect(warning.text.hasPrefix("500 of its 16000 samples are NaN"), "\(warning)")
    }

    @Test func aBurstInOneChannelLeavesTheOther() throws {
        let left = noise(seconds: 1, rate: 16_000, seed: 1)
        var right = noise(seconds: 1, rate: 16_000, seed: 2)
        for index in 8000..<9000 { right[index] = .nan }
        let (mixed, warnings) = try read(interleaved([left, right]), as: .floatWAV(channels: 2))
        #expect((8000..<9000).allSatisfy { mixed[$0] == left[$0] / 2 } && mixed[0] == (left[0] + right[0]) / 2)
        #expect(warnings.map(\.kind) == [.invalidSamples] && warnings[0].text.hasPrefix("1000 of its 32000 samples"))
        let split = try read(interleaved([left, right]), as: .floatWAV(channels: 2), mode: .split)
        #expect(split.warnings.map(\.text) == warnings.map(\.text))
    }

    @Test func soundWithoutAFaultHasNoWarning() throws {
        for kind in Self.floats {
            // Louder than full scale, as a float file may be.
            #expect(try read(noise(seconds: 0.5, rate: 16_000).map { $0 * 6 }, as: kind).warnings.isEmpty)
        }
    }

    // MARK: The scale

    @Test(arguments: floats) func integersAreScaledToOne(kind: SoundFileKind) throws {
        // Whole numbers, as a conversion without a division leaves them.
        let samples = noise(seconds: 1, rate: 16_000).map { ($0 * 20_000).rounded() }
        let (read, warnings) = try read(samples, as: kind)
        #expect(same(read, samples.map { $0 / 32_768 }))
        #expect(warnings.map(\.kind) == [.integerScale] && !warnings[0].losesSound)
        #expect(warnings[0].text.contains("16 bits, ±32768"))
    }

    @Test(arguments: [8, 16, 24, 32]) func integersOfEachWidth(bits: Int) throws {
        let full = Float(UInt64(1) << UInt64(bits - 1))
        let sound = noise(seconds: 1, rate: 16_000).map { min(1, max(-1, $0)) * 0.9 }
        let (read, warnings) = try read(sound.map { $0 * full }, as: .floatWAV())
        #expect(warnings.map(\.kind) == [.integerScale] && warnings[0].text.contains(" \(bits) bits"))
        #expect(signalToNoise(sound, read) > 100)
    }

    /// Sound begins after ten seconds of dither, and one sample is a spike.
    @Test func aQuietBeginningAndASpikeDoNotDecide() throws {
        var samples = (0..<160_000).map { Float([-1, 0, 1][$0 % 3]) }
        samples += noise(seconds: 1, rate: 16_000).map { ($0 * 3000).rounded() }
        samples[170_000] = 1e6
        let (read, warnings) = try read(samples, as: .floatWAV())
        #expect(warnings.map(\.kind) == [.integerScale] && warnings[0].text.contains("16 bits"))
        #expect(read[1] == 0 && read[0] == -1 / 32_768 && read[175_000] == samples[175_000] / 32_768)
    }

    @Test func integersWithNaNAndOfTwoChannels() throws {
        var left = noise(seconds: 1, rate: 44_100, seed: 1).map { ($0 * 9000).rounded() }
        let right = noise(seconds: 1, rate: 44_100, seed: 2).map { ($0 * 9000).rounded() }
        let whole = try read(interleaved([left, right]), as: .floatWAV(rate: 44_100, channels: 2))
        left[30] = .nan
        let (read, warnings) = try read(interleaved([left, right]), as: .floatWAV(rate: 44_100, channels: 2))
        #expect(warnings.map(\.kind) == [.integerScale, .invalidSamples] && whole.warnings.count == 1)
        #expect(read.count == whole.samples.count && same(Array(read[1000...]), Array(whole.samples[1000...])))
    }

    /// Spikes and damaged stretches in sound of full scale 1 do not scale the sound away.
    @Test func spikesAndDamageAreNoScale() throws {
        let sound = noise(seconds: 2, rate: 16_000)
        var spikes = sound
        for index in stride(from: 0, to: sound.count, by: 500) { spikes[index] = 900 }
        let spiked = try read(spikes, as: .floatWAV())
        #expect(spiked.warnings.isEmpty && same(spiked.samples, spikes))
        var damaged = sound
        var generator = Generator(seed: 3)
        for index in 5000..<20_000 {
            damaged[index] = Float(bitPattern: UInt32.random(in: 0...UInt32.max, using: &generator))
        }
        let broken = try read(damaged, as: .floatWAV())
        #expect(
            broken.warnings.map(\.kind) == [.invalidSamples]
                && same(Array(broken.samples[..<5000]), Array(sound[..<5000])))
    }

    // MARK: Channels that cancel one another out

    @Test(arguments: [16_000, 44_100], [2, 4]) func whatCancelsIsReadOfOneChannel(rate: Int, channels: Int) throws {
        let sound = noise(seconds: 3, rate: rate)
        let opposite = sound.map { -$0 }
        let frames = interleaved((0..<channels).map { $0 % 2 == 0 ? sound : opposite })
        let kind = SoundFileKind(
            name: "16", format: SF_FORMAT_WAV | SF_FORMAT_PCM_24, rate: rate, channels: channels)
        let (read, warnings) = try read(frames, as: kind)
        let alone = try self.read(sound, as: SoundFileKind(name: "1", format: kind.format, rate: rate))
        #expect(signalToNoise(alone.samples, read) > 100)
        #expect(warnings.map(\.kind) == [.cancelledChannels] && !warnings[0].losesSound && alone.warnings.isEmpty)
        #expect(warnings[0].text.contains("for 3.00 s"), "\(warnings)")
    }

    /// A cable that was changed in the middle, and noise of the room that differs between the channels.
    @Test func onlyWhatCancelsIsReadOfOneChannel() throws {
        let sound = noise(seconds: 4, rate: 16_000)
        let (one, two) = (noise(seconds: 4, rate: 16_000, seed: 5), noise(seconds: 4, rate: 16_000, seed: 6))
        // Two pieces of the file as it is read.
        let change = 32_768
        var (left, right): ([Float], [Float]) = ([], [])
        for index in sound.indices {
            left.append(sound[index] + 0.03 * one[index])
            right.append((index < change ? sound[index] : -sound[index]) + 0.03 * two[index])
        }
        let (read, warnings) = try read(interleaved([left, right]), as: .floatWAV(channels: 2))
        #expect(warnings.map(\.kind) == [.cancelledChannels] && warnings[0].text.contains("for 1.95 s"), "\(warnings)")
        #expect(same(Array(read[change...]), Array(left[change...])))
        #expect((0..<change).allSatisfy { read[$0] == (left[$0] + right[$0]) * 0.5 })
    }

    /// Sound on one side, two sounds, a weaker opposite channel, silence: the mean is kept.
    @Test func anyOtherStereoIsMixed() throws {
        let (one, two) = (noise(seconds: 1, rate: 16_000, seed: 1), noise(seconds: 1, rate: 16_000, seed: 2))
        let silence = [Float](repeating: 0, count: one.count)
        let hum = (0..<one.count).map { Float($0 % 2 == 0 ? 1e-6 : -1e-6) }
        let (weaker, opposite) = (one.map { $0 * -0.6 }, hum.map { -$0 })
        let pairs: [[[Float]]] = [
            [one, silence], [one, two], [one, one], [one, weaker], [silence, silence], [hum, opposite],
        ]
        for pair in pairs {
            let (read, warnings) = try read(interleaved(pair), as: .floatWAV(channels: 2))
            let means: [Float] = zip(pair[0], pair[1]).map { ($0 + $1) * 0.5 }
            #expect(warnings.isEmpty && same(read, means))
        }
        let many = (0..<64).map { $0 == 9 ? one : silence }
        #expect(try read(interleaved(many), as: .floatWAV(channels: 64)).warnings.isEmpty)
    }
}
