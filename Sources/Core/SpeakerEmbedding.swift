/// A speaker embedding: a vector of unit length that says how a voice sounds, whatever it says.
///
/// The cosine of two embeddings of one voice is greater than that of two voices. An embedding identifies a person, so
/// it is written nowhere but in a profile that somebody makes on purpose.
package struct SpeakerEmbedding: Sendable {
    /// The numbers of an embedding.
    package static let width = 256

    private var numbers: InlineArray<256, Float>

    /// Creates an embedding of the direction of a vector.
    ///
    /// - Returns: nil where the vector does not have `width` finite numbers, or has no direction.
    package init?(_ vector: Span<Float>) {
        guard vector.count == Self.width else { return nil }
        var squares: Float = 0
        for index in 0..<Self.width { squares += vector[index] * vector[index] }
        let length = squares.squareRoot()
        guard length.isFinite, length >= 1e-12 else { return nil }
        numbers = InlineArray { vector[$0] / length }
    }

    /// Creates an embedding of the direction of a vector, as for a span.
    package init?(_ vector: [Float]) { self.init(vector.span) }

    /// Whether a vector has `width` finite numbers and unit length, but for rounding.
    package static func isUnitVector(_ vector: [Float]) -> Bool {
        vector.count == width && abs(vector.reduce(0) { $0 + $1 * $1 } - 1) <= 1e-3
    }

    /// Creates the direction of the mean of embeddings; nil where there are none.
    package init?(mean embeddings: some Sequence<SpeakerEmbedding>) {
        var sum = InlineArray<256, Float>(repeating: 0)
        for embedding in embeddings {
            for index in 0..<Self.width { sum[index] += embedding.numbers[index] }
        }
        self.init(sum.span)
    }

    /// The number at an index in 0..<`width`.
    package subscript(index: Int) -> Float { numbers[index] }

    /// The numbers, as an array.
    package var values: [Float] { (0..<Self.width).map { numbers[$0] } }

    /// The cosine of the angle to another embedding, -1…1; embeddings of the encoder have no negative numbers, so
    /// theirs is 0…1.
    package func cosine(to other: SpeakerEmbedding) -> Float {
        var sum: Float = 0
        for index in 0..<Self.width { sum += numbers[index] * other.numbers[index] }
        return sum
    }
}

extension SpeakerEmbedding: Equatable {
    package static func == (a: SpeakerEmbedding, b: SpeakerEmbedding) -> Bool {
        (0..<width).allSatisfy { a.numbers[$0] == b.numbers[$0] }
    }
}
