import ArgumentParser
import EmotionCore
import EmotionRecognition

struct Predict: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Predict the emotion of each recording, as a whole or in segments.",
        discussion: """
            A recording shorter than 3 s is repeated whole until it has 3 s, as the paper's authors do. Up to 13 s are
            read in one pass. A longer recording is read in consecutive windows of 13 s, whose logits are averaged by
            length. Several recordings are read at the same time, on all processors.

            With --segments, each recording is played at full speed, as "emoscope replay --fast" plays it, one after
            another, and a line says from when until when, who speaks, and the label: an emotion, unsure, silence, overlap
            (two speakers at once) or unread (a window that could not be read). Each instant has the speaker and the label
            of the window of 3 s whose middle is nearest. The probability is the mean of the label's own, or of the
            greatest for unsure.
            """
    )

    @Argument(help: "Recordings.")
    var files: [String]

    @Flag(help: "Print JSON, one object a line.")
    var json = false

    @OptionGroup var segmentation: SegmentOptions

    @Option(
        help: ArgumentHelp(
            "whole: take what most of a recording's speech has in common as its voice's normal, for recordings of half a "
                + "minute or more. auto: with --segments, learn each voice's normal from the speech that is heard.",
            valueName: "none|auto|whole"))
    var baseline: BaselineChoice?

    @OptionGroup var profiles: ProfilesOption

    @OptionGroup var unsure: UnsureOptions
    @OptionGroup var model: ModelOptions

    func validate() throws {
        try profiles.check(besideBaseline: baseline != nil)
        try segmentation.check(baseline)
        try profiles.check(segmentation.count)
    }

    func run() throws {
        let recognizer = try model.classifier()
        if segmentation.segments {
            try printSegments(recognizer)
        } else {
            try printWhole(recognizer)
        }
    }

    /// Prints the segments of each recording.
    private func printSegments(_ recognizer: EmotionRecognizer) throws {
        let reader = try SegmentReader(
            recognizer, segmentation.settings(baseline, profiles, unsure, recognizer.model),
            minimum: segmentation.minimum)
        var failures = FailureCount()
        var hasPrinted = false
        for file in files {
            failures.counting {
                let segments = try reader.segments(of: file)
                let text = try json ? SegmentReport.json(file, segments) : SegmentReport.table(file, segments)
                Console.print(json || !hasPrinted ? text : "\n" + text)
                hasPrinted = true
            }
        }
        try failures.report(of: files.count)
    }

    /// Prints the emotion of each recording as a whole.
    private func printWhole(_ recognizer: EmotionRecognizer) throws {
        let threshold = unsure.threshold(recognizer.model)
        var failures = FailureCount()
        func report(_ file: String, _ result: Result<RecognitionResult, RecognitionError>) {
            failures.counting {
                let clip = try result.get()
                let label = Decision(clip.scores, unsureBelow: threshold).word
                Console.print(json ? try json(file, clip, label) : Self.line(file, clip, label))
            }
        }
        switch baseline ?? .none {
        case .none, .auto:
            let known = try profiles.names.first.map { try ProfileStore().baseline($0, for: recognizer.model) }
            recognizer.predict(files: files, baseline: known, receive: report)
        case .whole:
            for file in files {
                report(
                    file,
                    Result { () throws(RecognitionError) in
                        try recognizer.predict(file: file, baseline: recognizer.baseline(file: file))
                    })
            }
        }
        try failures.report(of: files.count)
    }

    private static func line(_ file: String, _ clip: RecognitionResult, _ label: String) -> String {
        let scores = clip.scores
        let shares = Emotion.allCases.map { "\($0.rawValue) \(Double(scores[$0]).fixed(3))" }
        return "\(file): \(label)  (\(shares.joined(separator: ", ")))"
    }

    private struct Answer: Encodable {
        let file: String
        let seconds: RoundedNumber
        let label: String
        let baseline: String
        let probabilities: [String: RoundedNumber]
        let logits: [String: RoundedNumber]
    }

    private func json(_ file: String, _ clip: RecognitionResult, _ label: String) throws -> String {
        try JSONText.line(
            Answer(
                file: file, seconds: RoundedNumber(clip.seconds, places: 3), label: label,
                baseline: profiles.names.first ?? (baseline ?? .none).rawValue,
                probabilities: clip.scores.rounded(places: 6), logits: clip.logits.rounded(places: 5)))
    }
}
