import ArgumentParser
import EmotionStream

/// The measurement of who speaks when, instead of labelled clips.
struct TurnOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Measure who speaks when: a folder of recordings with RTTM files of the true turns beside them, named alike.",
            valueName: "folder"), completion: .directory)
    var turns: String?

    @Option(
        help: ArgumentHelp(
            "How many voices each recording has: 1 to 8, or auto (default: auto). Needs --turns.", valueName: "n|auto"))
    var speakers: SpeakerCount?

    @Option(
        help: ArgumentHelp(
            "Measure turns that any program found, in a folder of RTTM files, instead of those found here. Needs --turns; "
                + "no recording is read.", valueName: "folder"), completion: .directory)
    var hypothesis: String?

    func validate() throws {
        if turns == nil, hypothesis != nil { throw ValidationError("--hypothesis needs --turns.") }
        if turns == nil, speakers != nil {
            throw ValidationError("--speakers needs --turns. To choose speakers by name, give --only-speakers.")
        }
        if speakers != nil, hypothesis != nil {
            throw ValidationError("--hypothesis has its own speakers: leave --speakers out.")
        }
    }
}
