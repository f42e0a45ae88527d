import ArgumentParser
import EmotionCapture
import EmotionCore
import EmotionNetwork
import EmotionStream

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
                Console.print(json ? Self.json(file, clip, label) : Self.line(file, clip, label))
            }
        }
        try failures.report(of: files.count)
    }

    private static func line(_ file: String, _ clip: ClipReading, _ label: String) -> String {
        let scores = clip.probabilities
        let shares = Emotion.allCases.map { "\($0.rawValue) \(Double(scores[$0]).fixed(3))" }
        return "\(file): \(label)  (\(shares.joined(separator: ", ")))"
    }

    private static func json(_ file: String, _ clip: ClipReading, _ label: String) -> String {
        func object(_ scores: EmotionScores, places: Int) -> String {
            let members = Emotion.allCases.map { "\"\($0.rawValue)\":\(Double(scores[$0]).fixed(places))" }
            return "{" + members.joined(separator: ",") + "}"
        }
        return "{\"file\":\(jsonString(file)),\"seconds\":\(clip.seconds.fixed(3)),"
            + "\"label\":\"\(label)\","
            + "\"probabilities\":\(object(clip.probabilities, places: 6)),\"logits\":\(object(clip.logits, places: 5))}"
    }
}
