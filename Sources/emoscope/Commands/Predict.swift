import ArgumentParser
import EmotionCapture
import EmotionCore
import EmotionNetwork

struct Predict: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Name the emotion of each recording, taken whole.",
        discussion: """
            A clip under 3 s is repeated whole until it has 3 s, as the paper's authors do. Up to 13 s the network
            reads it in one pass. A longer one is read in consecutive windows of 13 s; its logits are their mean,
            weighted by their length. Several recordings are read at once, on all processors.
            """
    )

    @Argument(help: "Recordings.")
    var files: [String]

    @Flag(help: "One JSON object a line.")
    var json = false

    @OptionGroup var unsure: UnsureOptions
    @OptionGroup var model: ModelOptions

    func run() throws {
        let network = try model.loadClassifier(recordings: files.count)
        let threshold = unsure.threshold(network)
        var failures = FailureCount()
        InOrder.each(
            files, together: ClipReader.together, workers: model.workers(files.count),
            makeWorker: { ClipReader(engine: network.makeEngine()) },
            work: { reader, files in reader.read(Array(files), pieces: ClipReader.pieces) }
        ) { file, reading in
            failures.counting {
                let clip = try reading.get()
                let label = Decision(clip.probabilities, unsureBelow: threshold).word
                Console.print(json ? try Self.json(file, clip, label) : Self.line(file, clip, label))
            }
        }
        try failures.report(of: files.count)
    }

    private static func line(_ file: String, _ clip: ClipReading, _ label: String) -> String {
        let scores = clip.probabilities
        let shares = Emotion.allCases.map { "\($0.rawValue) \(Double(scores[$0]).fixed(3))" }
        return "\(file): \(label)  (\(shares.joined(separator: ", ")))"
    }

    private struct Answer: Encodable {
        let file: String
        let seconds: RoundedNumber
        let label: String
        let probabilities: [String: RoundedNumber]
        let logits: [String: RoundedNumber]
    }

    private static func json(_ file: String, _ clip: ClipReading, _ label: String) throws -> String {
        try JSONText.line(
            Answer(
                file: file, seconds: RoundedNumber(clip.seconds, places: 3), label: label,
                probabilities: clip.probabilities.rounded(places: 6), logits: clip.logits.rounded(places: 5)))
    }
}
