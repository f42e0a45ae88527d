import ArgumentParser
import EmotionCore
import EmotionRecognition
import EmotionSoundFiles
import EmotionStream

/// Where a session's knowledge of each voice's normal comes from.
enum BaselineChoice: String, CaseIterable, ExpressibleByArgument {
    case none, auto, whole
}

/// The baseline of a session.
struct BaselineOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "How each voice's normal is known: none; auto, learned from the speech that is heard; whole, from the whole "
                + "recording beforehand (replay only). The key c takes the last 20 s of speech as normal.",
            valueName: "none|auto|whole"))
    var baseline: BaselineChoice?

    @OptionGroup var profiles: ProfilesOption

    func validate() throws {
        try profiles.check(besideBaseline: baseline != nil)
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
    /// - Parameters:
    ///   - files: The recordings that it plays, for `whole`; none of a microphone.
    ///   - raw: The format of bare samples in them.
    ///   - speakers: The voices of a channel: the profiles of several are no baseline of the channel.
    func mode(
        _ files: [String], _ raw: RawFormat?, _ channels: ChannelMode, _ speakers: SpeakerOptions,
        _ recognizer: EmotionRecognizer
    ) throws -> BaselineMode {
        if let known = try profiles.mode(speakers.count, for: recognizer.model) { return known }
        switch baseline ?? .none {
        case .none: return .none
        case .auto: return .automatic
        case .whole:
            let baselines = try recognizer.baselines(files: files, mode: channels, raw: raw)
            // A channel without speech has no row that a baseline could change.
            let silent = VoiceBaseline(logits: EmotionScores(), seconds: 0)
            return .given(baselines.map { GivenBaseline($0 ?? silent, .recording) })
        }
    }
}
