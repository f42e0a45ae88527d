@_exported import EmotionCore
import EmotionNetwork
import Glibc

/// Names the emotion of a voice: the weights of the network, mapped.
public final class EmotionRecognizer: Sendable {
    package let model: EmotionModel
    /// The path of the voice activity detector's weights.
    package let voiceActivityPath: String

    /// Maps the weights that ship: those in `Weights` of the source tree.
    public init() throws {
        let folder = #filePath.split(separator: "/").dropLast(3).map { "/" + $0 }.joined() + "/Weights"
        model = try EmotionModel(path: folder + "/emoscope.safetensors", precision: .fastest)
        voiceActivityPath = folder + "/silero_vad_16k.safetensors"
    }
}
