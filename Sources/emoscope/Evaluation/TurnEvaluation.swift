import EmotionCore
import EmotionEvaluation
import EmotionLive
import EmotionNetwork
import EmotionRecognition
import EmotionStream

/// The measurement of who speaks when, on recordings with their true turns in RTTM files beside them.
struct TurnEvaluation {
    let count: SpeakerCount
    let isQuiet: Bool

    private(set) var scores = DiarizationScores()
    private(set) var timing = SpeakerTiming()

    init(_ count: SpeakerCount, isQuiet: Bool) {
        self.count = count
        self.isQuiet = isQuiet
    }

    /// Reads every recording beneath a folder that an RTTM file beneath it names.
    mutating func measure(_ folder: String, _ total: inout Int, _ failures: inout FailureCount) throws {
        let truth = try TurnFolder(path: folder).recordings
        let files = Dictionary(
            try Recordings.list(folder).map { (Recordings.name(of: $0), $0) }, uniquingKeysWith: { first, _ in first })
        let encoder = try SpeakerEncoder(
            path: ShippedFiles.path(of: ShippedFiles.speakerEncoder), precision: .fastest)
        let voiceActivity = try ShippedFiles.path(of: ShippedFiles.voiceActivity)
        let names = truth.keys.sorted()
        for name in names where files[name] == nil {
            Console.note("\(printable(folder)) holds no recording \(printable(name)): it is left out")
        }
        var progress = ProgressBar(isQuiet: isQuiet)
        defer { progress.clear() }
        for (index, name) in names.enumerated() {
            defer { progress.show(index + 1, of: names.count, name) }
            guard let file = files[name], let turns = truth[name] else { continue }
            total += 1
            failures.counting {
                let heard = try RecordingSpeakers(file, count, encoder: encoder, voiceActivityPath: voiceActivity)
                if let lost = heard.warnings.first(where: \.losesSound) {
                    throw Failure(.runTime, "\(lost); the recording is left out")
                }
                add(name, turns, heard)
            }
        }
    }

    private mutating func add(_ name: String, _ truth: [SpeakerTurn], _ heard: RecordingSpeakers) {
        func turns(_ turns: [RecordingSpeakers.Turn]) -> [SpeakerTurn] {
            turns.map {
                SpeakerTurn(
                    speaker: $0.speaker, start: AudioFormat.seconds($0.range.lowerBound),
                    end: AudioFormat.seconds($0.range.upperBound))
            }
        }
        let found = turns(heard.turns)
        scores.add(name, reference: truth, hypothesis: found)
        var rate = DiarizationErrorRate()
        let mapping = rate.add(reference: truth, hypothesis: found, collar: 0, countsOverlap: true)
        timing.add(
            reference: truth, shown: turns(heard.shown), mapping: mapping, seconds: AudioFormat.seconds(heard.samples))
    }
}
