import EmotionCore
import EmotionNetwork
import EmotionRecognition
import EmotionStream

/// The checks of the processor and of the networks, whose outputs are compared with known ones.
enum NetworkCheck {
    /// The logits (angry, happy, neutral, sad) of the shipped weights for `SyntheticVoice.window`, by the checksum of
    /// the file: computed by PyTorch in single precision (`Tests/EmoscopeTests/Goldens/self_test.py`).
    private static let expected: [String: [Float]] = [
        // emoscope.safetensors
        "1897fff0fc4d3189bd32c0cbbb8586136c6c564c76974eeba1c4a122a64265d8": [0.821618, -0.033038, 2.399318, -1.536775],
        // emoscope-open.safetensors
        "1432c21a67ec98b874b7fb21c3a3a93256ae7c1866abf0bc9dbb678bbe0d9ed0": [0.907640, -0.952855, -0.677114, 0.875265],
    ]

    /// The greatest error of a logit, as a share of the range of the logits: rounding in fp32, quantisation in int8.
    private static let tolerance: [Precision: Float] = [.fp32: 1e-3, .int8: 0.15]

    /// Describes the processor and the kernels that run on it.
    static func processor() -> Finding {
        let (kernels, best) = (BackEnd.chosen, BackEnd.preferred)
        let count = EmotionModel.processors
        var text =
            "\(count) processor\(count == 1 ? "" : "s"), \(kernels.computing(Precision.fastest)) kernels, \(Precision.fastest.rawValue)"
        if kernels != best { text += "; EMOSCOPE_KERNELS keeps it from \(best)" }
        if kernels == .portable && best == .portable && BackEnd.openBLAS == nil {
            text += "; Debian's libopenblas0 may be faster"
        }
        let isSlow = kernels == .portable || kernels != best
        return Finding(subject: "processor", severity: isSlow ? .warning : .ok, text: text)
    }

    /// Checks the weights: checksum and shapes, and for the shipped weights the logits of a test sound.
    static func weights(_ options: ModelOptions) -> Finding {
        do {
            let description = try WeightsDescription.verify(path: ShippedFiles.weights(options.weights))
            let model = try options.classifier().model
            let logits = try model.makeEngine().run(SyntheticVoice.window).logits.values
            let file = "\(description.path), sha256 \(description.sha256.prefix(12)), \(model.precision.rawValue)"
            guard logits.allSatisfy(\.isFinite) else {
                return failed("\(file): the network computes no finite numbers; import or download the weights again")
            }
            guard let known = expected[description.sha256] else {
                return Finding(
                    subject: "weights", severity: .ok,
                    text: "\(file); whole; no expected output is known for these weights, so the self-test is left out")
            }
            let deviation = zip(logits, known).map { abs($0 - $1) }.max() ?? 0
            let range = (known.max() ?? 0) - (known.min() ?? 0)
            guard deviation <= range * (tolerance[model.precision] ?? 0) else {
                return failed(
                    "\(file): the network computes \(logits) instead of \(known); try EMOSCOPE_KERNELS=portable, "
                        + "and report this with what \"emoscope doctor\" prints")
            }
            return Finding(
                subject: "weights", severity: .ok,
                text:
                    "\(file); whole, self-test within \(Double(100 * deviation / range).fixed(2)) % of the logits' range"
            )
        } catch {
            return failed(Failure(error).message)
        }
    }

    /// Checks that the voice activity detector loads and computes.
    static func voiceActivity() -> Finding {
        do {
            let path = try ShippedFiles.path(of: ShippedFiles.voiceActivity)
            let detector = try SileroVAD(path: path)
            let chunk = SileroVAD.chunkSize
            let voice = SyntheticVoice.window
            var probability: Float = 0
            for start in stride(from: 0, to: AudioFormat.sampleRate, by: chunk) {
                probability = detector.probability(of: Array(voice[start..<(start + chunk)]).span)
            }
            return Finding(
                subject: "voice", severity: probability.isFinite ? .ok : .failure, text: path, kind: .weights)
        } catch {
            return Finding(subject: "voice", severity: .failure, text: Failure(error).message, kind: .weights)
        }
    }

    private static func failed(_ text: String) -> Finding {
        Finding(subject: "weights", severity: .failure, text: text, kind: .weights)
    }
}
