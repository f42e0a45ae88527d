import ArgumentParser
import EmotionNetwork
import EmotionSoundFiles
import EmotionStream

/// The profiles of the voices that are heard.
struct ProfilesOption: ParsableArguments {
    @Option(
        name: .customLong("profile"),
        help: ArgumentHelp(
            "A voice and its normal, by the name of a profile that \"emoscope calibrate\" made. May be given once for each "
                + "speaker, with --speakers, or for each channel in their order, with --split-channels.",
            valueName: "name"))
    var names: [String] = []

    /// Checks that no other baseline is asked for beside profiles.
    func check(besideBaseline isGiven: Bool) throws {
        guard !isGiven || names.isEmpty else {
            throw ValidationError("--profile and --baseline are two ways to know a voice: give one of them.")
        }
    }

    /// Checks that the names can be those of the two speakers of a stereo source, each on a channel.
    func checkChannels() throws {
        try checkOnce()
        guard names.count <= ChannelMode.split.count else {
            throw ValidationError(
                "--profile is given \(names.count) times, and --split-channels has two channels: give one for each, in the "
                    + "channels' order.")
        }
    }

    private func checkOnce() throws {
        if let name = names.first(where: { name in names.count { $0 == name } > 1 }) {
            throw ValidationError("--profile \(name) is given more than once: name each speaker once.")
        }
    }

    /// Checks that the names can be those of speakers who share a microphone.
    func check(_ speakers: SpeakerCount) throws {
        try checkOnce()
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

    /// The baseline of the only voice of each channel, from its profile; nil where no profile is given, or several voices
    /// share a channel.
    func mode(_ speakers: SpeakerCount, for model: EmotionModel) throws -> BaselineMode? {
        guard !names.isEmpty, !speakers.areSeveral else { return nil }
        let store = try ProfileStore()
        return .given(try names.map { GivenBaseline(try store.baseline($0, for: model), .profile($0)) })
    }

    /// The speakers whose profiles are given, where several voices share the microphone; otherwise none.
    func speakers(_ count: SpeakerCount, for model: EmotionModel) throws -> [KnownSpeaker] {
        guard count.areSeveral, !names.isEmpty else { return [] }
        return try ProfileStore().speakers(names, for: model)
    }
}
