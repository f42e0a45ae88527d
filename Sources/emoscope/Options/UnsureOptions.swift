import ArgumentParser
import EmotionNetwork

/// When no emotion is named although somebody speaks.
struct UnsureOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Say \"unsure\" where the likeliest emotion is less probable, 0…1; 0 for never. Default: as the weights say.",
            valueName: "probability"))
    var unsure: Double?

    func validate() throws {
        guard (0...1).contains(unsure ?? 0) else {
            throw ValidationError("--unsure \(unsure ?? 0) does not work: choose 0 to 1.")
        }
    }

    /// The probability that holds with `model`.
    func threshold(_ model: EmotionModel) -> Double { unsure ?? model.configuration.unsure }
}
