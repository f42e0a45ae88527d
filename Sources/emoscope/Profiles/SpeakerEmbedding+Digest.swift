import EmotionCore
import EmotionNetwork

extension SpeakerEmbedding {
    /// The SHA-256 digest of the numbers, as little-endian float32: it tells whether two embeddings are the same, and
    /// says nothing of the voice.
    var sha256: String {
        let bits = values.map(\.bitPattern.littleEndian)
        return unsafe bits.withUnsafeBytes { unsafe SHA256.hex(of: $0) }
    }
}
