import EmotionCore
import EmotionFiles
import EmotionNetwork
import EmotionStream
import Glibc

/// The description of a session, in a JSON file beside its CSV, from which the session can be reproduced.
struct Sidecar: Codable {
    struct Weights: Codable {
        var file: String
        var sha256: String
        var provenance: String
        var licence: String
    }

    struct Settings: Codable {
        var windowSeconds: Double
        var hopSeconds: Double
        var smoothingSeconds: Double
        var vadThreshold: Double
        var minimumSpeech: Double
        var minimumRecentSpeech: Double
        var silence: String
        var unsureBelow: Double
        var baseline: String?
        /// The name of the profile that the baseline of all channels comes from.
        var profile: String?
        /// The names of the profiles that the baselines of split channels come from.
        var channelProfiles: [String]?
        /// The baselines that were known beforehand, of profiles or of whole recordings: one for each channel, or one
        /// for all of them. They hold logits only, never a representation of the voice.
        var baselines: [VoiceBaseline]?
        /// How far a baseline moves the logits.
        var correction: BaselineCorrection?
        var paced: Bool
        var splitChannels: Bool
        /// How many voices share a channel, as the command line writes it; absent in older descriptions, which means 1.
        var speakers: String?
        /// The speakers who were known by profiles.
        var profiles: [Profile]?
    }

    /// A speaker who was known by a profile, which alone holds the embedding: that identifies the person.
    struct Profile: Codable {
        var name: String
        var baseline: VoiceBaseline
        /// The digest of the embedding.
        var sha256: String
    }

    /// An action of the user, at the stream index of the first sample after it.
    struct Action: Codable {
        var sample: Int
        var action: String
        /// The note of a marker; the name of the microphone that is heard from here on.
        var note: String?
        /// The speaker who got another name, and the name; or the one who is another one, and that one's name.
        var speaker: String?
        var name: String?

        /// The words of the actions without a note.
        private static let words: [(word: String, action: StreamAction)] = [
            ("take-baseline", .takeBaseline), ("start-log", .startLog), ("pause-log", .pauseLog),
            ("resume-log", .resumeLog),
        ]
        private static let marker = "marker"
        private static let source = "source"
        private static let (rename, merge) = ("rename-speaker", "merge-speaker")

        init(_ timed: TimedAction) {
            sample = timed.sample
            switch timed.action {
            case .marker(let text): (action, note) = (Self.marker, text)
            case .source(let text): (action, note) = (Self.source, text)
            case .renameSpeaker(let old, let new): (action, speaker, name) = (Self.rename, old, new)
            case .mergeSpeaker(let merged, let kept): (action, speaker, name) = (Self.merge, merged, kept)
            case .takeBaseline, .startLog, .pauseLog, .resumeLog:
                action = Self.words.first { $0.action == timed.action }?.word ?? ""
            }
        }

        /// The action; nil for one that this version does not know, or at no place of a stream.
        var timed: TimedAction? {
            guard let known, (0...(1 << 50)).contains(sample) else { return nil }
            return TimedAction(sample: sample, action: known)
        }

        private var known: StreamAction? {
            switch action {
            case Self.marker: return .marker(note ?? "")
            case Self.source: return .source(note ?? "")
            case Self.rename, Self.merge:
                guard let speaker = speaker.flatMap(SpeakerName.init), let name = name.flatMap(SpeakerName.init) else {
                    return nil
                }
                return action == Self.rename
                    ? .renameSpeaker(speaker.description, to: name.description)
                    : .mergeSpeaker(speaker.description, into: name.description)
            default: return Self.words.first { $0.word == action }?.action
            }
        }
    }

    var emoscope: String
    /// Instruction set, arithmetic and threads of the matrix products.
    var kernels: String
    var started: String
    var source: [String]
    /// The sound server's source that was heard first, by its name for people; absent where no server tells.
    var heard: String?
    var audio: String?
    var weights: Weights
    var settings: Settings
    /// What the user did, in order.
    var actions: [Action]?
    /// What was wrong with the recordings that were played, and what was done about it; absent where nothing was.
    var warnings: [String]?

    init(_ plan: SessionPlan, _ chosen: SessionSettings, model: EmotionModel) {
        emoscope = Version.number
        kernels = model.kernels
        started = WallTime.now.iso8601
        switch plan.input {
        case .microphone(let device): source = [device]
        case .files(let files, _, _): source = files
        }
        audio = plan.options.saving.saveAudio
        weights = Weights(
            file: model.path, sha256: model.metadata["sha256"] ?? "", provenance: model.metadata["provenance"] ?? "",
            licence: model.metadata["licence"] ?? "")
        settings = Settings(
            windowSeconds: SessionSettings.window, hopSeconds: plan.options.listening.hop,
            smoothingSeconds: plan.options.listening.smooth,
            vadThreshold: plan.options.listening.vadThreshold, minimumSpeech: plan.options.listening.minSpeech,
            minimumRecentSpeech: plan.options.listening.minRecentSpeech, silence: chosen.silence.rawValue,
            unsureBelow: chosen.unsureBelow, correction: chosen.correction, paced: chosen.isPaced,
            splitChannels: plan.mode == .split)
        settings.describe(chosen.baseline)
        settings.describe(chosen.speakers, chosen.known)
    }

    /// The path of the description of a log's session, by its number from 1.
    static func path(beside log: String, session number: Int = 1) -> String {
        let base = Paths.without(".csv", log)
        return number > 1 ? "\(base)-\(number).json" : base + ".json"
    }

    /// Writes the description to `session.json` beside `session.csv`, or to `session-2.json` if the session is appended
    /// to the log.
    ///
    /// - Returns: The path.
    func write(beside log: String, existing: ExistingFilePolicy) throws -> String {
        var number = 1
        while existing == .continued, unsafe access(Self.path(beside: log, session: number).cPath, F_OK) == 0 {
            number += 1
        }
        let path = Self.path(beside: log, session: number)
        try AtomicFile.write(JSONText.file(self), to: path, existing: existing)
        return path
    }

    /// Replaces the description at `path`.
    func write(to path: String) throws {
        try AtomicFile.write(JSONText.file(self), to: path, existing: .replaced)
    }
}
