import ArgumentParser
import EmotionNetwork
import EmotionRecognition

/// The arithmetic of the network that the user asks for.
enum PrecisionChoice: String, CaseIterable, ExpressibleByArgument {
    case fp32, int8, auto
}

/// The weights of the network.
struct WeightsOption: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Weights of the network: a file that \"emoscope weights import\" wrote, or NAME for emoscope-NAME.safetensors "
                + "beside the shipped weights. Default: the shipped weights.",
            valueName: "file|name"), completion: .file())
    var weights: String?
}

/// The network: its weights, arithmetic and threads.
struct ModelOptions: ParsableArguments {
    @OptionGroup var choice: WeightsOption

    @Option(
        help: ArgumentHelp(
            "Arithmetic of the network: fp32, int8 or auto. int8 is 1.5 times as fast (3 times for the paper's network) and "
                + "changes probabilities by about 0.002. auto is int8 where the processor has AVX2, but fp32 for evaluate "
                + "and embed, and with EMOSCOPE_KERNELS=openblas.",
            valueName: "kind"))
    var precision = PrecisionChoice.auto

    @Option(
        help: ArgumentHelp(
            "Threads that compute. Default: one for each processor; 1 for a session with the shipped network.",
            valueName: "n"))
    var threads: Int?

    func validate() throws {
        if let threads, !(1...256).contains(threads) {
            throw ValidationError("--threads \(threads) does not work: choose 1 to 256.")
        }
        guard BackEnd.requestIsSound else {
            let names = BackEnd.supported.map(\.name).joined(separator: ", ")
            throw ValidationError(
                "EMOSCOPE_KERNELS names no kernels that this machine runs: choose one of \(names)"
                    + (BackEnd.openBLAS == nil ? "; openblas needs Debian's libopenblas0." : "."))
        }
    }

    /// The weights that are asked for: a file or a name; nil for the shipped ones.
    var weights: String? { choice.weights }

    /// Maps the weights, and makes a recognizer of them.
    ///
    /// - Parameters:
    ///   - auto: The arithmetic that `--precision auto` stands for.
    ///   - usesVoiceActivity: Whether recordings are read where somebody speaks; sessions have settings of their own.
    func recognizer(
        auto: EmotionRecognizer.Precision = .automatic, usesVoiceActivity: Bool = true
    ) throws -> EmotionRecognizer {
        let arithmetic: EmotionRecognizer.Precision =
            switch precision {
            case .fp32: .fp32
            case .int8: .int8
            case .auto: auto
            }
        return try EmotionRecognizer(
            weights: weights, precision: arithmetic, threads: threads, usesVoiceActivity: usesVoiceActivity)
    }

    /// Makes a recognizer as `recognizer(auto:usesVoiceActivity:)` does, and refuses an encoder without a head.
    func classifier(
        auto: EmotionRecognizer.Precision = .automatic, usesVoiceActivity: Bool = true
    ) throws -> EmotionRecognizer {
        let recognizer = try recognizer(auto: auto, usesVoiceActivity: usesVoiceActivity)
        guard recognizer.hasHead else {
            throw Failure(
                .weights,
                "\"\(weights ?? ShippedFiles.weights)\" holds an encoder without a head: fit for \"emoscope embed\" and "
                    + "training, but it names no emotion; choose weights with a head")
        }
        return recognizer
    }
}
