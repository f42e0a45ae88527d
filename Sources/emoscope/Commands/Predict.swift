import ArgumentParser
import EmotionCore
import EmotionRecognition

struct Predict: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Predict the emotion of each recording as a whole.",
        discussion: """
            A recording shorter than 3 s is repeated whole until it has 3 s, as the paper's authors do. Up to 13 s are
            read in one pass. A longer recording is read in consecutive windows of 13 s, whose logits are averaged by
            length. Several recordings are read at the same time, on all processors.
            """
    )

    @Argument(help: "Recordings.")
    var files: [String]

    @Flag(help: "Print JSON, one object a line.")
    var json = false

    /// What is known of a voice's normal.
    enum Baseline: String, CaseIterable, ExpressibleByArgument {
        case none, whole
    }

    @Option(
        help: ArgumentHelp(
            "whole: take what most of a recording's speech has in common as its voice's normal, for recordings of half a "
                + "minute or more.", valueName: "none|whole"))
    var baseline: Baseline?

    @OptionGroup var profile: ProfileOption

    @OptionGroup var unsure: UnsureOptions
    @OptionGroup var model: ModelOptions

    func validate() throws {
        try profile.check(besideBaseline: baseline != nil)
    }

    func run() throws {
        let recognizer = try model.classifier()
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
        case .none:
            let known = try profile.profile.map { try ProfileStore().baseline($0, for: recognizer.model) }
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
                baseline: profile.profile ?? (baseline ?? .none).rawValue,
                probabilities: clip.scores.rounded(places: 6), logits: clip.logits.rounded(places: 5)))
    }
}
