import ArgumentParser
import EmotionNetwork
import EmotionStream

/// The profiles of the voices that are heard.
struct ProfilesOption: ParsableArguments {
    @Option(
        name: .customLong("profile"),
        help: ArgumentHelp(
            "A voice and its normal, by the name of a profile that \"emoscope calibrate\" made. May be given once for each "
                + "speaker, with --speakers.", valueName: "name"))
    var names: [String] = []

    /// Checks that no other baseline is asked for beside profiles.
    func check(besideBaseline isGiven: Bool) throws {
        guard !isGiven || names.isEmpty else {
            throw ValidationError("--profile and --baseline are two ways to know a voice: give one of them.")
        }
    }

    /// Checks that the names can be those of speakers who share a microphone.
    func check(_ speakers: SpeakerCount) throws {
        if let name = names.first(where: { name in names.count { $0 == name } > 1 }) {
            throw ValidationError("--profile \(name) is given more than once: name each speaker once.")
        }
        guard names.count <= 1 || speakers.areSeveral else {
            throw ValidationError(
                "--profile is given \(names.count) times for one voice: give --speakers \(names.count) (or auto) with "
                    + "several profiles.")
        }
        guard names.count <= speakers.most else {
            throw ValidationError(
                "--profile is given \(names.count) times, and --speakers \(speakers.word) is for "
                    + "\(speakers == .automatic ? "at most " : "")\(speakers.most) voices: leave profiles out, or give a "
                    + "greater number.")
        }
    }

    /// The baseline of the only voice, from its profile; nil where no profile is given, or the voices are several.
    func mode(_ speakers: SpeakerCount, for model: EmotionModel) throws -> BaselineMode? {
        guard let name = names.first, !speakers.areSeveral else { return nil }
        return .given([try ProfileStore().baseline(name, for: model)], .profile(name))
    }

    /// The speakers whose profiles are given, where several voices share the microphone; otherwise none.
    func speakers(_ count: SpeakerCount, for model: EmotionModel) throws -> [KnownSpeaker] {
        guard count.areSeveral, !names.isEmpty else { return [] }
        return try ProfileStore().speakers(names, for: model)
    }
}
