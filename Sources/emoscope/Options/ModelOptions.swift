import ArgumentParser
import EmotionNetwork

/// The arithmetic of the network that the user asks for.
enum PrecisionChoice: String, CaseIterable, ExpressibleByArgument {
    case fp32, int8, auto
}

/// The network: its weights, arithmetic and threads.
struct ModelOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Weights of the network: a file that \"emoscope weights import\" wrote, or NAME for emoscope-NAME.safetensors "
                + "beside the shipped weights. Default: the shipped weights.",
            valueName: "file|name"))
    var weights: String?

    @Option(
        help: ArgumentHelp(
            "Arithmetic of the network: fp32, int8 or auto. int8 is 1.5 times as fast (3 times for the paper's network) and "
                + "changes probabilities by about 0.002. auto is int8 where the processor has AVX2, but fp32 for evaluate "
                + "and embed.",
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
        guard KernelLevel.requestIsSound else {
            let levels = KernelLevel.supported.map(\.rawValue).joined(separator: ", ")
            throw ValidationError(
                "EMOSCOPE_KERNELS names no kernels that this processor runs: choose one of \(levels).")
        }
    }

    /// Loads the network.
    ///
    /// - Parameters:
    ///   - auto: The arithmetic for `--precision auto`.
    ///   - recordings: The number of recordings to read, whose workers share the threads; nil for a session.
    func load(auto: Precision = .fastest, recordings: Int? = nil) throws -> EmotionModel {
        let arithmetic: Precision =
            switch precision {
            case .fp32: .fp32
            case .int8: .int8
            case .auto: auto
            }
        let threads = recordings.map { max(1, (self.threads ?? EmotionModel.processors) / workers($0)) } ?? threads
        return try EmotionModel(path: Locations.weights(weights), precision: arithmetic, threads: threads)
    }

    /// The number of recordings that are read at the same time.
    func workers(_ recordings: Int) -> Int {
        min(recordings, threads ?? EmotionModel.processors)
    }

    /// Loads the network as `load` does, and refuses an encoder that has no head.
    func loadClassifier(auto: Precision = .fastest, recordings: Int? = nil) throws -> EmotionModel {
        let model = try load(auto: auto, recordings: recordings)
        guard model.hasHead else {
            throw Failure(
                .weights,
                "\"\(weights ?? Locations.weights)\" holds an encoder without a head, which \"emoscope embed\" and training use "
                    + "but which predicts no emotion; choose weights with a head")
        }
        return model
    }
}
