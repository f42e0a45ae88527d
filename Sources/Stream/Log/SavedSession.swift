import EmotionCore
import EmotionFiles

/// A session that was read from its log.
package struct SavedSession: Sendable {
    /// The most rows that a log may have; a session of half a second's hop has as many after five days.
    package static let mostRows = 1_000_000

    /// The number of the session in its log, from 1.
    package let number: Int
    /// The rows about windows, by channel in the order of time.
    package private(set) var windows: [Row] = []
    /// The rows about losses, pauses, markers, baselines and failures to write, in the order of time.
    package private(set) var events: [Row] = []
    /// The names of the speakers, in the order of their first appearance.
    package private(set) var speakers: [String] = []
    /// The greatest end of a row, in seconds of the stream.
    package private(set) var seconds = 0.0
    /// When the stream began, by the first row; a log that was started later has no rows of the time before.
    package let began: WallTime
    /// Whether the next row is the first.
    private var isFirst = true

    /// Reads the sessions of a log; none where it has no rows.
    ///
    /// - Throws: `CSVFileError` where the file is no log, or has more rows or speakers than a log can have.
    package static func all(in file: RegularFile) throws(CSVFileError) -> [SavedSession] {
        var reader = try SessionReader(file)
        var sessions: [SavedSession] = []
        var known: Set<String> = []
        var count = 0
        while let row = try reader.next() {
            count += 1
            guard count <= mostRows else { throw CSVFileError(file.path, "it has more than \(mostRows) rows") }
            if sessions.count < reader.session {
                sessions.append(SavedSession(number: reader.session, first: row))
                known = []
            }
            let last = sessions.count - 1
            if let name = row.speaker, known.insert(name).inserted {
                sessions[last].speakers.append(name)
                try SpeakerColumn.checkCount(known.count, file)
            }
            sessions[last].add(row)
        }
        return sessions
    }

    private init(number: Int, first row: Row) {
        self.number = number
        began = row.wallEnd.advanced(seconds: -row.end)
    }

    private mutating func add(_ row: Row) {
        defer { isFirst = false }
        seconds = max(seconds, row.end)
        if row.isWindow {
            windows.append(row)
        } else if !(isFirst && number > 1 && row.status == .marker && row.end == 0) {
            // The marker that begins a session that was appended is no event of it.
            events.append(row)
        }
    }

    /// The channels that the windows are of: one that has no number, or those of a session that was split.
    package var channels: [Int?] {
        Array(Set(windows.map(\.channel))).sorted { $0 ?? 0 < $1 ?? 0 }
    }

    /// The segments of a channel.
    ///
    /// - Parameter minimum: Seconds, 0…10, below which a segment is given to a neighbour.
    package func segments(of channel: Int?, minimum: Double = Segmenter.standardMinimum) -> [Segment] {
        var segmenter = Segmenter(minimum: minimum)
        for row in windows where row.channel == channel { segmenter.add(row) }
        return segmenter.finish()
    }
}

extension Row {
    /// Whether the row is about a stretch in which the recording paused.
    package var isPause: Bool { status == .marker && start < end }

    /// Whether the row is about samples that were lost.
    package var isLoss: Bool { !isWindow && (status == .overrun || status == .deviceLost) }
}
