import ArgumentParser
import Model

/// The arithmetic of the network.
enum Precision: String, CaseIterable, ExpressibleByArgument {
    case fp32
}

/// Which network reads the voice.
struct ModelOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Weights of the network, as \"emoscope weights import\" writes them, or NAME for emoscope-NAME.safetensors "
                + "beside those that ship. Default: those that ship.",
            valueName: "file|name"))
    var weights: String?

    @Option(help: "Arithmetic of the network: fp32.")
    var precision = Precision.fp32

    /// Maps the weights; the network that they make.
    ///
    /// The small network that ships runs on one thread: a second one shortens a window little and, on a busy machine, spends
    /// more on waiting than it computes. The paper's is ten times as large and takes all processors.
    func load() throws -> EmotionModel {
        let model = try EmotionModel(path: Locations.weights(weights))
        if model.configuration.encoder == .whisper { OpenBLAS.threads = 1 }
        return model
    }

    /// As `load()`, refusing an encoder that has no head.
    func loadClassifier() throws -> EmotionModel {
        let model = try load()
        guard model.hasHead else {
            throw Failure(
                .weights,
                "\"\(weights ?? Locations.weights)\" holds an encoder without a head: fit for \"emoscope embed\" and "
                    + "training, but it names no emotion; choose weights with a head")
        }
        return model
    }
}
