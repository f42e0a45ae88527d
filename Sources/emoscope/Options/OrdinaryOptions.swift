import ArgumentParser
import EmotionCore

/// The measurement of ordinary speech instead of labelled clips.
struct OrdinaryOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Measure ordinary speech without labels: a CSV with the columns path and corpus, or a folder with manifest.csv.",
            valueName: "manifest"), completion: .file())
    var ordinary: String?

    @Option(
        help: ArgumentHelp(
            "Take the first seconds of each recording, 0…60, as its voice's baseline, and count only windows behind them "
                + "(default: 0). Needs --ordinary.",
            valueName: "seconds"))
    var reference: Double?

    @OptionGroup var unsure: UnsureOptions

    func validate() throws {
        if let reference, !(0...60).contains(reference) {
            throw ValidationError("--reference \(reference) does not work: choose 0 to 60 seconds.")
        }
        guard ordinary == nil else { return }
        if reference != nil { throw ValidationError("--reference needs --ordinary.") }
        if unsure.unsure != nil {
            throw ValidationError(
                "--unsure needs --ordinary: the metrics of labelled clips take the likeliest emotion.")
        }
    }
}
