import ArgumentParser
import EmotionNetwork
import EmotionRecognition

/// The arithmetic of the network, as it is asked for.
enum PrecisionChoice: String, CaseIterable, ExpressibleByArgument {
    case fp32, int8, auto
}

/// Which network reads the voice.
struct ModelOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Weights of the network, as \"emoscope weights import\" writes them, or NAME for emoscope-NAME.safetensors "
                + "beside those that ship. Default: those that ship.",
            valueName: "file|name"))
    var weights: String?

    @Option(
        help: ArgumentHelp(
            "Arithmetic of the network: fp32; int8, which takes two thirds of the time (a third for the paper's network) and moves "
                + "probabilities by some 0.002; or auto: "
                + "int8 where the processor has AVX2, but fp32 to evaluate and to embed.",
            valueName: "kind"))
    var precision = PrecisionChoice.auto

    @Option(
        help: ArgumentHelp(
            "Threads that compute. Default: all processors; for a session with the network that ships 1.",
            valueName: "n"))
    var threads: Int?

    func validate() throws {
        if let threads, !(1...256).contains(threads) {
            throw ValidationError("--threads \(threads): give a number from 1 to 256")
        }
        guard KernelLevel.requestIsSound else {
            let levels = KernelLevel.supported.map(\.rawValue).joined(separator: ", ")
            throw ValidationError("EMOSCOPE_KERNELS names no kernels that this processor runs; it runs \(levels)")
        }
    }

    /// Maps the weights and makes a recognizer of them.
    ///
    /// - Parameter auto: The arithmetic where none is asked for.
    func recognizer(auto: EmotionRecognizer.Precision = .automatic) throws -> EmotionRecognizer {
        let arithmetic: EmotionRecognizer.Precision =
            switch precision {
            case .fp32: .fp32
            case .int8: .int8
            case .auto: auto
            }
        return try EmotionRecognizer(weights: weights, precision: arithmetic, threads: threads)
    }

    /// As `recognizer()`, refusing an encoder that has no head.
    func classifier(auto: EmotionRecognizer.Precision = .automatic) throws -> EmotionRecognizer {
        let recognizer = try recognizer(auto: auto)
        guard recognizer.hasHead else {
            throw Failure(
                .weights,
                "\"\(weights ?? ShippedFiles.weights)\" holds an encoder without a head: fit for \"emoscope embed\" and "
                    + "training, but it names no emotion; choose weights with a head")
        }
        return recognizer
    }
}
