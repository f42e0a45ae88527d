import ArgumentParser
import EmotionNetwork
import EmotionStream

/// The segments or the windows of a recording, instead of the recording as a whole.
struct SegmentOptions: ParsableArguments {
    @Flag(help: "Print the segments of each recording: who speaks, from when until when, with which emotion.")
    var segments = false

    @Flag(help: "Print a row for each window of 3 s.")
    var windows = false

    @Option(
        help: ArgumentHelp(
            "How many voices each recording has: 1, 2, … \(SpeakerCount.range.upperBound), or auto, which finds up to "
                + "\(SpeakerCount.mostFound) (default: 1). Needs --segments or --windows.",
            valueName: "1…\(SpeakerCount.range.upperBound)|auto"))
    var speakers: SpeakerCount?

    @Option(
        help: ArgumentHelp(
            "Time from one window of 3 s to the next (default: \(SessionSettings().hop)). Needs --segments or --windows.",
            valueName: "seconds"))
    var hop: Double?

    @Option(
        help: ArgumentHelp(
            "Least length of a segment, 0…\(Int(Segmenter.minimumRange.upperBound)) (default: "
                + "\(Segmenter.standardMinimum)): a shorter one is given to the neighbour of the same speaker, else to the "
                + "longer neighbour. Silence is never given to speech, nor speech to silence. Needs --segments.",
            valueName: "seconds"))
    var minSegment: Double?

    /// Whether each recording is played as a session.
    var playsRecordings: Bool { segments || windows }

    /// The voices of a recording.
    var count: SpeakerCount { speakers ?? .exactly(1) }

    /// Seconds below which a segment is given to a neighbour.
    var minimum: Double { minSegment ?? Segmenter.standardMinimum }

    func validate() throws {
        guard !segments || !windows else { throw ValidationError("Give --segments or --windows, not both.") }
        let given = [("--speakers", speakers != nil), ("--hop", hop != nil)]
        if !playsRecordings, let name = given.first(where: { $0.1 })?.0 {
            throw ValidationError(
                "\(name) needs --segments or --windows: without them, each recording is read as a whole.")
        }
        guard segments || minSegment == nil else { throw ValidationError("--min-segment needs --segments.") }
        if let hop { try ListeningOptions.check(hop: hop) }
        try Self.check(minimum: minimum)
    }

    /// Checks the least length of a segment, in seconds.
    static func check(minimum: Double) throws {
        guard Segmenter.minimumRange.contains(minimum) else {
            throw ValidationError(
                "--min-segment \(minimum) does not work: choose 0 to \(Int(Segmenter.minimumRange.upperBound)) seconds."
            )
        }
    }

    /// Checks that a baseline can be had of what is read.
    func check(_ baseline: BaselineChoice?) throws {
        if !playsRecordings, baseline == .auto {
            throw ValidationError(
                "--baseline auto needs --segments or --windows: for a recording that is read as a whole, choose whole or none."
            )
        }
        if playsRecordings, baseline == .whole {
            throw ValidationError(
                "--baseline whole is for recordings that are read as a whole: with --segments or --windows, choose auto or "
                    + "none.")
        }
    }

    /// The settings of the session that hears a recording.
    func settings(
        _ baseline: BaselineChoice?, _ profiles: ProfilesOption, _ unsure: UnsureOptions, _ model: EmotionModel
    ) throws -> SessionSettings {
        var settings = SessionSettings()
        settings.isPaced = false
        settings.hop = hop ?? settings.hop
        settings.speakers = count
        settings.known = try profiles.speakers(count, for: model)
        settings.baseline = try profiles.mode(count, for: model) ?? (baseline == .auto ? .automatic : .none)
        settings.unsureBelow = unsure.threshold(model)
        settings.correction = model.configuration.correction
        return settings
    }
}
