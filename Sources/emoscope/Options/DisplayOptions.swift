import ArgumentParser
import EmotionFiles
import EmotionTUI

/// The options of a session's display.
struct DisplayOptions: ParsableArguments {
    @Flag(
        help: ArgumentHelp(
            "Print rows as JSON Lines instead of the dashboard (the default where standard output is no terminal and there "
                + "is no log)."))
    var json = false

    @Flag(help: "Use no colour. The environment variable NO_COLOR does the same.")
    var noColor = false

    @Option(
        help: ArgumentHelp(
            "Colours of the dashboard: dark, light, safe (for eyes that see colours otherwise), plain (the terminal's own "
                + "sixteen) or mono. Default: the last one, dark at first.", valueName: "name"))
    var theme: Theme?

    @Option(
        help: ArgumentHelp(
            "View of the dashboard: \(DashboardState.View.names). Default: the last one, live at first.",
            valueName: "name"))
    var view: DashboardState.View?

    @Flag(name: [.customShort("U"), .long], help: "Use ASCII only.")
    var noUnicode = false

    @Flag(name: [.short, .long], help: "Print neither progress nor a summary.")
    var quiet = false
}

/// The files that a session writes.
struct SavingOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp("Save the sound as a WAV file. No sound is saved otherwise.", valueName: "file.wav"),
        completion: .file())
    var saveAudio: String?

    @Flag(help: "Replace files that exist.")
    var force = false

    @Flag(help: "Append to the log that exists; it must have the same columns, and keeps its dialect.")
    var append = false

    @Flag(help: "Write the network's four outputs before softmax too, in the columns l_angry to l_sad.")
    var logLogits = false

    @OptionGroup var csv: CSVOptions

    func validate() throws {
        guard !force || !append else {
            throw ValidationError("--force replaces a log and --append extends it: choose one of them.")
        }
    }

    /// What happens to a log that exists.
    var existingLog: ExistingFilePolicy { append ? .continued : existing }
    /// What happens to another file that exists.
    var existing: ExistingFilePolicy { ExistingFilePolicy(force: force) }
}

extension Theme: ExpressibleByArgument {}

extension DashboardState.View: ExpressibleByArgument {
    /// The names of all views, for the help.
    fileprivate static var names: String { allCases.map(\.rawValue).joined(separator: ", ") }
}
