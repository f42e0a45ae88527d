import EmotionCore
import EmotionNetwork
import EmotionRecognition
import EmotionStream

/// The processor, and whether the network computes on it what it should.
enum NetworkCheck {
    /// Logits of the shipped weights for `SyntheticVoice.window`, angry, happy, neutral, sad, by the file's checksum; in
    /// single precision, by PyTorch (`Tests/EmoscopeTests/Goldens/self_test.py` prints them).
    private static let expected: [String: [Float]] = [
        // emoscope.safetensors
        "cec42dc58270932a3afdb315cb136ad98de6f69214d6b4e271fb0cd6915d64b4": [0.961302, -0.118917, 0.973203, -0.590464],
        // emoscope-open.safetensors
        "1432c21a67ec98b874b7fb21c3a3a93256ae7c1866abf0bc9dbb678bbe0d9ed0": [0.907640, -0.952855, -0.677114, 0.875265],
    ]

    static func processor() -> Finding {
        let kernels = KernelLevel.chosen
        let best = KernelLevel.supported.last
        let count = EmotionModel.processors
        var text =
            "\(count) processor\(count == 1 ? "" : "s"), \(kernels.rawValue) kernels, \(Precision.fastest.rawValue)"
        if let best, kernels != best { text += "; EMOSCOPE_KERNELS keeps it from \(best.rawValue)" }
        let isSlow = kernels == .portable || kernels != best
        return Finding(subject: "processor", severity: isSlow ? .warning : .good, text: text)
    }

    static func weights(_ options: ModelOptions) -> Finding {
        do {
            let description = try WeightsDescription.verify(path: ShippedFiles.weights(options.weights))
            let model = try options.classifier().model
            let logits = try model.makeEngine().run(SyntheticVoice.window).logits.values
            let file = "\(description.path), sha256 \(description.sha256.prefix(12)), \(model.precision.rawValue)"
            guard logits.allSatisfy(\.isFinite) else {
                return failed("\(file): the network's answer is no number; import or download the weights again")
            }
            guard let known = expected[description.sha256] else {
                return Finding(
                    subject: "weights", severity: .good,
                    text: "\(file); whole, but not ours: whether the network computes rightly is not known")
            }
            let off = zip(logits, known).map { abs($0 - $1) }.max() ?? 0
            let spread = (known.max() ?? 0) - (known.min() ?? 0)
            guard off <= spread * (model.precision == .fp32 ? 1e-3 : 0.15) else {
                return failed(
                    "\(file): the network says \(logits) where it should say \(known); try EMOSCOPE_KERNELS=portable, "
                        + "and report this with what \"emoscope doctor\" prints")
            }
            return Finding(
                subject: "weights", severity: .good,
                text: "\(file); whole, self-test within \(Double(100 * off / spread).fixed(2)) % of the logits' spread")
        } catch {
            return failed(Failure(error).message)
        }
    }

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
            return Finding(subject: "voice", severity: probability.isFinite ? .good : .bad, text: path, kind: .weights)
        } catch {
            return Finding(subject: "voice", severity: .bad, text: Failure(error).message, kind: .weights)
        }
    }

    private static func failed(_ text: String) -> Finding {
        Finding(subject: "weights", severity: .bad, text: text, kind: .weights)
    }
}
