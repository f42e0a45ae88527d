import ArgumentParser

/// The profile of one voice.
struct ProfileOption: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The voice's normal, by the name of a profile that \"emoscope calibrate\" made.", valueName: "name")
    )
    var profile: String?

    /// Checks that no other baseline is asked for beside the profile.
    func check(besideBaseline isGiven: Bool) throws {
        try Self.check([profile].compactMap(\.self), besideBaseline: isGiven)
    }

    /// Checks that no other baseline is asked for beside profiles.
    static func check(_ profiles: [String], besideBaseline isGiven: Bool) throws {
        guard !isGiven || profiles.isEmpty else {
            throw ValidationError("--profile and --baseline are two ways to know a voice: give one of them.")
        }
    }
}

/// The profiles of the voices of a session.
struct ProfilesOption: ParsableArguments {
    @Option(
        name: .customLong("profile"),
        help: ArgumentHelp(
            "A voice and its normal, by the name of a profile that \"emoscope calibrate\" made. May be given once for each "
                + "speaker, with --speakers.", valueName: "name"))
    var names: [String] = []

    /// Checks that the names can be those of speakers who share a microphone.
    func check(_ speakers: SpeakerOptions) throws {
        if let name = names.first(where: { name in names.count { $0 == name } > 1 }) {
            throw ValidationError("--profile \(name) is given more than once: name each speaker once.")
        }
        guard names.count <= 1 || speakers.areSeveral else {
            throw ValidationError(
                "--profile is given \(names.count) times for one voice: give --speakers \(names.count) (or auto) with "
                    + "several profiles.")
        }
        let most = speakers.count.most
        guard names.count <= most else {
            throw ValidationError(
                "--profile is given \(names.count) times, and --speakers \(speakers.count.word) is for "
                    + "\(speakers.count == .automatic ? "at most " : "")\(most) voices: leave profiles out, or give a "
                    + "greater number.")
        }
    }
}
