import ArgumentParser

/// Whether a recording is read as a session reads it, where somebody speaks.
struct VoiceActivityOption: ParsableArguments {
    @Flag(
        help: ArgumentHelp(
            "Read each recording whole, speech or not, as the paper's authors do. Otherwise a recording without speech is "
                + "silence, and where a recording is mostly pause, only its speech is read."))
    var noVad = false
}
