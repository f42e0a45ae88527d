import EmotionCore
import Testing

@testable import EmotionNetwork

/// Embeddings of a stream, compared with PyTorch's on the bundled conversation.
@Suite struct SpeakerStreamTests {
    private func stream(history: Double = 10) throws -> SpeakerStream {
        SpeakerStream(try SpeakerEncoderTests.encoder.get(), history: history)
    }

    /// Appends samples in pieces of a size.
    private func append(_ samples: ArraySlice<Float>, to stream: SpeakerStream, pieces size: Int) {
        for start in stride(from: samples.startIndex, to: samples.endIndex, by: size) {
            stream.append(samples[start..<min(start + size, samples.endIndex)].span)
        }
    }

    @Test(arguments: [160, 512, 8000, 1 << 20])
    func theNewestSpeechMatchesPyTorchHoweverItComes(size: Int) throws {
        let golden = try SpeakerEncoderTests.golden()
        let samples = try SpeakerEncoderTests.conversation.get()
        let expected = try Golden.floats(golden, "newest")
        let stream = try stream()
        for (index, end) in try SpeakerEncoderTests.integers(golden, "ends").enumerated() {
            append(samples[stream.position..<end], to: stream, pieces: size)
            #expect(stream.position == end)
            let found = stream.embedding(of: [0..<end])
            let row = expected[(index * SpeakerEmbedding.width)..<((index + 1) * SpeakerEmbedding.width)]
            #expect(SpeakerEncoderTests.difference(found, row) < SpeakerEncoderTests.tolerance, "at \(end)")
        }
    }

    /// Stretches with more than 1.6 s, of which the newest are read, and with less, of which all are.
    @Test func stretchesAreJoined() throws {
        let golden = try SpeakerEncoderTests.golden()
        let numbers = try SpeakerEncoderTests.integers(golden, "stretches")
        let stretches = stride(from: 0, to: numbers.count, by: 2).map { numbers[$0]..<numbers[$0 + 1] }
        let expected = try Golden.floats(golden, "joined")
        let stream = try stream(history: 12)
        append(try SpeakerEncoderTests.conversation.get()[..<192_000], to: stream, pieces: 8000)
        let all = stream.embedding(of: stretches)
        #expect(SpeakerEncoderTests.difference(all, expected.prefix(256)) < SpeakerEncoderTests.tolerance)
        let two = stream.embedding(of: Array(stretches.prefix(2)))
        #expect(SpeakerEncoderTests.difference(two, expected.suffix(256)) < SpeakerEncoderTests.tolerance)
    }

    @Test func resetBeginsAnotherStream() throws {
        let samples = try SpeakerEncoderTests.conversation.get()
        let (used, fresh) = (try stream(), try stream())
        append(samples[100_000..<181_111], to: used, pieces: 8000)
        used.reset()
        #expect(used.position == 0 && used.embedding(of: [0..<100_000]) == nil)
        append(samples[20_000..<60_000], to: used, pieces: 512)
        append(samples[20_000..<60_000], to: fresh, pieces: 700)
        #expect(used.embedding(of: [0..<40_000]) == fresh.embedding(of: [0..<40_000]))
        #expect(fresh.embedding(of: [0..<40_000]) != nil)
    }

    @Test func stretchesWithoutKeptFramesHaveNone() throws {
        let stream = try stream(history: 2)
        #expect(stream.embedding(of: [0..<1000]) == nil)
        append(try SpeakerEncoderTests.conversation.get()[..<80_000], to: stream, pieces: 8000)
        #expect(stream.embedding(of: []) == nil)
        #expect(stream.embedding(of: [0..<40_000]) == nil, "it is older than 2 s")
        #expect(stream.embedding(of: [79_900..<90_000]) == nil, "its samples have not come")
        #expect(stream.embedding(of: [60_000..<80_000]) != nil)
    }

    @Test func samplesThatAreNoSoundSpoilTheirStretchAlone() throws {
        for value in [Float.nan, .infinity, -.infinity, 1e25] {
            var samples = try SpeakerEncoderTests.conversation.get()[..<80_000]
            samples[30_000] = value
            let stream = try stream()
            append(samples, to: stream, pieces: 8000)
            #expect(stream.embedding(of: [20_000..<40_000]) == nil)
            #expect(stream.embedding(of: [40_000..<80_000]) != nil)
        }
    }

    @Test(.enabled(if: Allocations.areCounted), arguments: Precision.allCases)
    func anEmbeddingAllocatesNothingAfterTheFirst(precision: Precision) throws {
        let stream = SpeakerStream(try SpeakerEncoder(path: SpeakerEncoderTests.weights, precision: precision))
        let samples = syntheticVoice(seconds: 3)
        let hop = Array(samples[..<8000])
        let stretches = [0..<1 << 30]
        stream.append(samples.span)
        var found = stream.embedding(of: stretches)
        let count = Allocations.fewest {
            stream.append(hop.span)
            found = stream.embedding(of: stretches)
        }
        #expect(found != nil)
        if count > 0 {
            Allocations.show {
                stream.append(hop.span)
                found = stream.embedding(of: stretches)
            }
        }
        #expect(count == 0, "standard error says where")
    }
}
