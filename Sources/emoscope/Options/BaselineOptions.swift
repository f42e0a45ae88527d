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
    var baseline = BaselineChoice.none

    /// The mode of a session.
    ///
    /// - Parameter files: The recordings that it plays, for `whole`; none of a microphone.
    func mode(_ files: [String], _ channels: ChannelMode, _ recognizer: EmotionRecognizer) throws -> BaselineMode {
        switch baseline {
        case .none: return .none
        case .auto: return .automatic
        case .whole:
            guard !files.isEmpty else {
                throw ValidationError(
                    "--baseline whole needs a recording: a microphone has no end. Choose auto or none.")
            }
            let baselines = try recognizer.baselines(files: files, mode: channels)
            // A channel without speech has no row that a baseline could change.
            let silent = VoiceBaseline(logits: EmotionScores(), seconds: 0)
            return .given(baselines.map { $0 ?? silent }, .recording)
        }
    }
}
