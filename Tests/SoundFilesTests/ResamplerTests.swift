import EmotionCore
import TestSupport
import Testing

@testable import EmotionSoundFiles

@Suite struct ResamplerTests {
    /// Converts in pieces of `piece` samples, the output in pieces of `room`.
    private func convert(_ input: [Float], from rate: Int, piece: Int = 1000, room: Int = 400) throws -> [Float] {
        let resampler = try #require(Resampler(from: rate))
        var result: [Float] = []
        let output = SampleBuffer(count: room)
        var start = 0
        while true {
            let end = min(start + piece, input.count)
            let isLast = end == input.count
            let (consumed, produced) = input[start..<end].withUnsafeBufferPointer {
                resampler.process($0, into: output.samples, isLast: isLast)
            }
            result += output[0..<produced]
            start += consumed
            if isLast && consumed == 0 && produced == 0 { return result }
        }
    }

    @Test(arguments: [8_000, 11_025, 22_050, 24_000, 32_000, 44_100, 48_000, 96_000, 192_000])
    func keepsAToneWhereItIs(rate: Int) throws {
        let output = try convert(sine(1000, seconds: 1, rate: rate), from: rate)
        #expect(abs(output.count - 16_000) <= 1, "\(output.count) samples")
        let ideal = sine(1000, seconds: 1, rate: AudioFormat.sampleRate)
        let ratio = signalToNoise(Array(ideal[800..<15_200]), Array(output[800..<15_200]))
        #expect(ratio > 95, "\(ratio) dB")
    }

    @Test(arguments: [8_800.0, 10_000, 15_000, 17_000, 23_000])
    func letsNothingThroughThatWouldAlias(frequency: Double) throws {
        let output = try convert(sine(frequency, seconds: 1, rate: 48_000), from: 48_000)
        let loudest = output[800..<15_200].map(abs).max() ?? 1
        #expect(loudest < 5e-5, "\(loudest) of 0.5, 80 dB down")
    }

    @Test func doesNotDependOnThePieces() throws {
        let input = noise(seconds: 0.5, rate: 44_100)
        let whole = try convert(input, from: 44_100, piece: input.count, room: 20_000)
        for (piece, room) in [(1, 1000), (441, 160), (7, 3), (5000, 1)] {
            #expect(same(try convert(input, from: 44_100, piece: piece, room: room), whole))
        }
    }

    /// The documented look-ahead: 2.9 ms from 48 kHz.
    @Test func outputTrailsTheInputByTheFiltersLookAhead() throws {
        let resampler = try #require(Resampler(from: 48_000))
        let input = noise(seconds: 0.5, rate: 48_000)
        let output = SampleBuffer(count: resampler.outputBound(inputs: input.count))
        let (consumed, produced) = input.withUnsafeBufferPointer {
            resampler.process($0, into: output.samples, isLast: false)
        }
        #expect(consumed == input.count)
        let trailing = 0.5 - Double(produced) / 16_000
        #expect(abs(trailing - 0.0029) < 0.0005, "\(trailing) s")
    }

    @Test func refusesRatesBeyondTheLibrary() {
        #expect(Resampler(from: 0) == nil)
        #expect(Resampler(from: -48_000) == nil)
        #expect(Resampler(from: 10) == nil)
        #expect(Resampler(from: 100_000_000) == nil)
    }
}
