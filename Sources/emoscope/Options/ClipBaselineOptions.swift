import ArgumentParser

/// What `evaluate` knows of each voice before it reads a clip.
struct ClipBaselineOptions: ParsableArguments {
    /// Where a speaker's baseline comes from without reference clips.
    enum Choice: String, CaseIterable, ExpressibleByArgument {
        case none, session
    }

    @Option(
        help: ArgumentHelp(
            "Take each speaker's first K neutral clips, 0…20, as the voice's reference: they correct the speaker's other "
                + "clips, and are left out of the metrics.",
            valueName: "k"))
    var enrol = 0

    @Option(
        help: ArgumentHelp(
            "session: read each speaker's clips as one live session, which learns the voice as it goes on. Not with --enrol.",
            valueName: "none|session"))
    var baseline = Choice.none

    func validate() throws {
        guard (0...20).contains(enrol) else {
            throw ValidationError("--enrol \(enrol) does not work: choose 0 to 20 clips.")
        }
        guard enrol == 0 || baseline == .none else {
            throw ValidationError(
                "--enrol and --baseline session are two ways to know a voice: give one of them.")
        }
    }

    /// The baseline that the options ask for.
    var chosen: ClipBaseline {
        switch baseline {
        case .session: .session
        case .none: enrol == 0 ? .none : .enrolled(clips: enrol)
        }
    }
}
