import ArgumentParser
import EmotionFiles
import EmotionTUI

/// How the session is shown and where its audio goes.
struct DisplayOptions: ParsableArguments {
    @Flag(help: "Rows as JSON Lines on standard output, no dashboard (the default where that is no terminal).")
    var json = false

    @Flag(help: "No colour. The environment variable NO_COLOR does the same.")
    var noColor = false

    @Flag(name: [.customShort("U"), .long], help: "ASCII only.")
    var noUnicode = false

    @Flag(name: [.short, .long], help: "Neither progress nor summary.")
    var quiet = false
}

/// What a session leaves on disk.
struct SavingOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Save what is heard as a WAV file. Nothing is saved otherwise.", valueName: "file.wav"))
    var saveAudio: String?

    @Flag(help: "Replace files that exist.")
    var force = false

    @Flag(help: "Go on in the log that exists, after its last row; its columns must be these.")
    var append = false

    func validate() throws {
        guard !force || !append else {
            throw ValidationError("--force replaces a log and --append goes on in it: choose one of them.")
        }
    }

    /// What happens to a log, and to another file, that is there already.
    var existingLog: ExistingFilePolicy { append ? .continued : existing }
    var existing: ExistingFilePolicy { force ? .replaced : .refused }
}
