import Testing

@testable import EmotionCore

struct SpeakerEmbeddingTests {
    private func vector(_ numbers: [Int: Float]) -> [Float] {
        (0..<SpeakerEmbedding.width).map { numbers[$0] ?? 0 }
    }

    @Test func hasUnitLength() throws {
        let embedding = try #require(SpeakerEmbedding(vector([3: 3, 200: 4])))
        #expect(embedding[3] == 0.6 && embedding[200] == 0.8 && embedding[0] == 0)
        #expect(embedding.values == vector([3: 0.6, 200: 0.8]))
        #expect(abs(embedding.cosine(to: embedding) - 1) < 1e-6)
        let other = try #require(SpeakerEmbedding(vector([3: 7])))
        #expect(abs(embedding.cosine(to: other) - 0.6) < 1e-6)
        #expect(embedding != other && embedding == SpeakerEmbedding(vector([3: 30, 200: 40])))
    }

    @Test func aVectorWithoutADirectionIsNone() {
        #expect(SpeakerEmbedding(vector([:])) == nil)
        #expect(SpeakerEmbedding(vector([0: .nan])) == nil)
        #expect(SpeakerEmbedding(vector([0: .infinity])) == nil)
        #expect(SpeakerEmbedding([Float](repeating: 1, count: 255)) == nil)
        #expect(SpeakerEmbedding([Float](repeating: 1, count: 257)) == nil)
    }

    @Test func aUnitVectorHasItsLengthButForRounding() throws {
        let embedding = try #require(SpeakerEmbedding((0..<SpeakerEmbedding.width).map { Float($0 % 7) }))
        #expect(SpeakerEmbedding.isUnitVector(embedding.values))
        for wrong in [
            vector([:]), vector([0: 0.9]), vector([0: 1.1]), vector([0: .nan]), vector([0: .infinity]), [1],
            vector([0: 1]) + [0], Array(vector([0: 1]).dropLast()), [],
        ] {
            #expect(!SpeakerEmbedding.isUnitVector(wrong))
        }
    }

    @Test func theMeanIsADirection() throws {
        let parts = [vector([0: 2]), vector([1: 5])].compactMap { SpeakerEmbedding($0) }
        let mean = try #require(SpeakerEmbedding(mean: parts))
        #expect(abs(mean[0] - 0.70710678) < 1e-6 && abs(mean[1] - 0.70710678) < 1e-6)
        #expect(SpeakerEmbedding(mean: [SpeakerEmbedding]()) == nil)
    }
}
