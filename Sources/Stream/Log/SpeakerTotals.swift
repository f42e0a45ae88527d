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
        var reader = try SessionReader(file)
        var totals: [SpeakerTotals] = []
        var places: [String: Int] = [:]
        var (clock, session) = (NewTime(), 0)
        while let row = try reader.next() {
            if reader.session != session { (clock, session) = (NewTime(), reader.session) }
            let new = row.isWindow ? clock.add(row) : nil
            guard let name = row.speaker else { continue }
            let place = places[name] ?? totals.count
            if place == totals.count {
                places[name] = place
                totals.append(SpeakerTotals(name: name))
                try SpeakerColumn.checkCount(totals.count, file)
            }
            if let new { totals[place].add(new, row.smoothedDecision) }
        }
        return totals
    }

    private init(name: String) {
        self.name = name
    }

    private mutating func add(_ new: Double, _ label: Decision?) {
        windows += 1
        seconds += new
        if let label { labelled[label, default: 0] += new }
    }
}

/// The time that each window of a session adds to the windows before it.
package struct NewTime {
    /// The greatest end of a window, in seconds of the stream, by channel.
    private var covered: [Int: Double] = [:]

    package init() {}

    /// Adds a window.
    ///
    /// - Returns: The seconds that it adds: no more than its own length, because windows before it may be missing.
    package mutating func add(_ window: Row) -> Double {
        let before = covered[window.channel ?? 0] ?? 0
        covered[window.channel ?? 0] = max(before, window.end)
        return max(0, window.end - max(before, window.start))
    }
}
