import ArgumentParser
import EmotionCore
import EmotionRecognition
import EmotionSoundFiles
import EmotionStream

/// Where a session's knowledge of each voice's normal comes from.
enum BaselineChoice: String, CaseIterable, ExpressibleByArgument {
    case none, auto, whole
}

/// The profile of a voice.
struct ProfileOption: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The voice's normal, by the name of a profile that \"emoscope calibrate\" made.", valueName: "name")
    )
    var profile: String?

    /// Checks that no other baseline is asked for beside the profile.
    func check(besideBaseline isGiven: Bool) throws {
        guard !isGiven || profile == nil else {
            throw ValidationError("--profile and --baseline are two ways to know a voice: give one of them.")
        }
    }
}

/// The baseline of a session.
struct BaselineOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "How each voice's normal is known: none; auto, learned from the speech that is heard; whole, from the whole "
                + "recording beforehand (replay only). The key c takes the last 20 s of speech as normal.",
            valueName: "none|auto|whole"))
    var baseline: BaselineChoice?

    @OptionGroup var profile: ProfileOption

    func validate() throws {
        try profile.check(besideBaseline: baseline != nil)
    }

    /// Checks the options of a microphone.
    func checkMicrophone() throws {
        guard baseline != .whole else {
            throw ValidationError(
                "--baseline whole needs a recording, for a microphone has no end: choose auto or none.")
        }
    }

    /// The mode of a session.
    ///
    /// - Parameter files: The recordings that it plays, for `whole`; none of a microphone.
    func mode(_ files: [String], _ channels: ChannelMode, _ recognizer: EmotionRecognizer) throws -> BaselineMode {
        if let name = profile.profile {
            return .given([try ProfileStore().baseline(name, for: recognizer.model)], .profile(name))
        }
        switch baseline ?? .none {
        case .none: return .none
        case .auto: return .automatic
        case .whole:
            let baselines = try recognizer.baselines(files: files, mode: channels)
            // A channel without speech has no row that a baseline could change.
            let silent = VoiceBaseline(logits: EmotionScores(), seconds: 0)
            return .given(baselines.map { $0 ?? silent }, .recording)
        }
    }
}
