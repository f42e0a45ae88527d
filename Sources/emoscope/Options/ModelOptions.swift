import ArgumentParser
import EmotionNetwork

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

    /// Maps the weights; the network that they make.
    /// - Parameter auto: the arithmetic where none is asked for.
    /// - Parameter recordings: to be read, by `workers` who share the threads; nil for a session.
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

    /// Threads that read so many recordings at once.
    func workers(_ recordings: Int) -> Int {
        min(recordings, threads ?? EmotionModel.processors)
    }

    /// As `load()`, refusing an encoder that has no head.
    func loadClassifier(auto: Precision = .fastest, recordings: Int? = nil) throws -> EmotionModel {
        let model = try load(auto: auto, recordings: recordings)
        guard model.hasHead else {
            throw Failure(
                .weights,
                "\"\(weights ?? Locations.weights)\" holds an encoder without a head: fit for \"emoscope embed\" and "
                    + "training, but it names no emotion; choose weights with a head")
        }
        return model
    }
}
