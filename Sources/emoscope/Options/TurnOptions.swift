import ArgumentParser

/// The measurement of who speaks when, instead of labelled clips.
struct TurnOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Measure who speaks when: a folder of RTTM files with the true turns. Needs --hypothesis.",
            valueName: "folder"))
    var turns: String?

    @Option(
        help: ArgumentHelp(
            "The folder of RTTM files with the turns that were found. Needs --turns.", valueName: "folder"))
    var hypothesis: String?

    func validate() throws {
        if turns == nil, hypothesis != nil { throw ValidationError("--hypothesis needs --turns.") }
        if let turns, hypothesis == nil {
            throw ValidationError("--turns \(turns) needs --hypothesis: the folder of the turns that were found.")
        }
    }
}
