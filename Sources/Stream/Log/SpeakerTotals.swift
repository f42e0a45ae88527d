import EmotionCore
import EmotionFiles

/// The totals of one speaker, from the rows of a log.
package struct SpeakerTotals: Equatable {
    /// The labels of a window with scores.
    package static let labels = Emotion.allCases.map(Decision.emotion) + [.unsure]

    package let name: String
    /// Number of windows.
    package private(set) var windows = 0
    /// Seconds of the stream that the windows add to those before them.
    package private(set) var seconds = 0.0
    /// The part of `seconds` by the smoothed label of the window.
    package private(set) var labelled: [Decision: Double] = [:]

    /// The share of a label, 0…1, in the time that has one; nil where no time has.
    package func share(of label: Decision) -> Double? {
        let total = labelled.values.reduce(0, +)
        return total > 0 ? labelled[label, default: 0] / total : nil
    }

    /// Reads the totals of the speakers of a log, in the order of their first appearance.
    package static func all(in file: RegularFile) throws(CSVFileError) -> [SpeakerTotals] {
        var reader = try LogReader(file)
        var totals: [SpeakerTotals] = []
        var places: [String: Int] = [:]
        var clock = NewTime()
        while let part = try reader.next() {
            switch part {
            case .other: break
            case .header: clock = NewTime()
            case .row(let row):
                let new = try clock.add(row, reader)
                guard let name = try reader.speaker(of: row) else { continue }
                let place = places[name] ?? totals.count
                if place == totals.count {
                    places[name] = place
                    totals.append(SpeakerTotals(name: name))
                    try SpeakerColumn.checkCount(totals.count, file)
                }
                if let new { totals[place].add(new, try reader.text(.label, of: row)) }
            }
        }
        return totals
    }

    private init(name: String) {
        self.name = name
    }

    private mutating func add(_ new: Double, _ label: String) {
        windows += 1
        seconds += new
        if let decision = Self.labels.first(where: { $0.word == label }) { labelled[decision, default: 0] += new }
    }
}

/// The time that each window of a log adds to the windows before it.
private struct NewTime {
    /// The greatest end of a window, in seconds of the stream, by channel.
    private var covered: [String: Double] = [:]

    /// Adds a row.
    ///
    /// - Returns: The seconds that it adds; nil where the row is not about a window.
    mutating func add(_ row: CSVRecord, _ reader: LogReader) throws(CSVFileError) -> Double? {
        let (start, end) = (try reader.number(.start, of: row), try reader.number(.end, of: row))
        // A marker at 0 begins a session that was appended.
        if end == 0 { covered = [:] }
        guard try !reader.text(.level, of: row).isEmpty else { return nil }
        let channel = try reader.text(.channel, of: row)
        let before = covered[channel] ?? 0
        covered[channel] = max(before, end)
        // A window adds no more than its own length: those before it may be missing.
        return max(0, end - max(before, start))
    }
}
