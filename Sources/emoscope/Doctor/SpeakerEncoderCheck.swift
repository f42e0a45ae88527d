import EmotionCore
import EmotionNetwork
import EmotionRecognition

/// The check of the speaker encoder, whose output is compared with a known one.
enum SpeakerEncoderCheck {
    /// The embedding of `SyntheticVoice.window`, as the sums of 32 numbers each: computed by PyTorch in single precision
    /// (`Tests/EmoscopeTests/Goldens/self_test.py`).
    private static let expected: [Float] = [
        1.263923, 0.896119, 0.937577, 1.298721, 1.408639, 1.635120, 0.869486, 1.017533,
    ]

    /// The greatest error of a sum: rounding in fp32, quantisation in int8.
    private static let tolerance: [Precision: Float] = [.fp32: 1e-3, .int8: 0.15]

    /// Checks that the encoder's file is there and whole, and that it computes the known embedding.
    static func run(_ options: ModelOptions) -> Finding {
        do {
            let precision: Precision =
                switch options.precision {
                case .fp32: .fp32
                case .int8: .int8
                case .auto: .fastest
                }
            let path = try ShippedFiles.path(of: ShippedFiles.speakerEncoder)
            let encoder = try SpeakerEncoder(path: path, precision: precision)
            let file = "\(path), \(precision.rawValue)"
            guard let embedding = encoder.embedding(of: SyntheticVoice.window) else {
                return finding(.failure, "\(file): the network computes no finite numbers; download the file again")
            }
            let error = deviation(embedding)
            guard error <= tolerance[precision] ?? 0 else {
                return finding(
                    .failure,
                    "\(file): the network's output is off by \(Double(error).fixed(4)); try EMOSCOPE_KERNELS=portable, and "
                        + "report this with what \"emoscope doctor\" prints")
            }
            return finding(.ok, "\(file); whole, self-test within \(Double(error).fixed(4))")
        } catch {
            return finding(.failure, Failure(error).message)
        }
    }

    /// The greatest difference of a sum from the expected one.
    private static func deviation(_ embedding: SpeakerEmbedding) -> Float {
        let length = SpeakerEmbedding.width / expected.count
        let sums = expected.indices.map { index in
            (index * length..<(index + 1) * length).reduce(0) { $0 + embedding[$1] }
        }
        return zip(sums, expected).map { abs($0 - $1) }.max() ?? .infinity
    }

    private static func finding(_ severity: Finding.Severity, _ text: String) -> Finding {
        Finding(subject: "speakers", severity: severity, text: text, kind: .weights)
    }
}
