import ArgumentParser
import EmotionNetwork

/// The threshold below which no emotion is named.
struct UnsureOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Least probability of an emotion that is named, 0…1; below it the label is \"unsure\". Default: set by the weights.",
            valueName: "probability"))
    var unsure: Double?

    func validate() throws {
        guard (0...1).contains(unsure ?? 0) else {
            throw ValidationError("--unsure \(unsure ?? 0) does not work: choose 0 to 1.")
        }
    }

    /// Returns the threshold: that of the option, otherwise that of the model.
    func threshold(_ model: EmotionModel) -> Double { unsure ?? model.configuration.unsure }
}
