import EmotionCore

/// The histories of the channels, one each, or of the voices of a channel.
package final class Histories: RowSink {
    private let kept: Locked<[History]>

    package init(channels: Int) {
        kept = Locked((0..<channels).map { _ in History() })
    }

    /// The histories; that of a voice is at its number.
    package var all: [History] { kept.withLock { $0 } }

    /// Adds a row to its channel's or voice's history; a row about the session, such as a marker, to all of them. While one
    /// voice speaks, the others are silent.
    package func write(_ row: Row) {
        let histories = kept.withLock { histories in
            // A voice that is new has been silent so far.
            while let voice = row.voice, histories.count <= voice { histories.append(History(like: histories[0])) }
            return histories
        }
        for (index, history) in histories.enumerated() where row.channel ?? index + 1 == index + 1 {
            if let merger = row.merger, index == merger.kept, merger.merged < histories.count {
                history.absorb(histories[merger.merged])
            }
            if row.isWindow, let voice = row.voice, voice != index {
                history.writeSilence(row)
            } else {
                history.write(row)
            }
        }
    }
}

/// The windows and markers of a channel's session so far, or of its last twelve hours.
package final class History: Sendable {
    /// A window, as a point of a curve.
    package struct Point: Equatable, Sendable {
        /// Stream seconds of the window's end.
        package let time: Double
        package let status: RowStatus
        package let scores: EmotionScores?
        package let smoothed: EmotionScores?
    }

    package struct Marker: Equatable, Sendable {
        /// Stream seconds.
        package let time: Double
        package let note: String
    }

    package struct Content: Equatable, Sendable {
        /// Oldest first.
        package fileprivate(set) var points: [Point] = []
        package fileprivate(set) var markers: [Marker] = []
        /// Rows taken so far; while it is unchanged, so is the content.
        package fileprivate(set) var revision = 0
    }

    /// Seconds kept.
    static let span = 43_200.0

    private let kept = Locked(Content())

    init() {}

    /// Creates the history of a voice that was silent in all windows of another history.
    init(like other: History) {
        let content = other.kept.withLock { content in
            var content = content
            content.points = content.points.map {
                Point(time: $0.time, status: .silence, scores: nil, smoothed: nil)
            }
            return content
        }
        kept.withLock { $0 = content }
    }

    /// Takes over the windows of a voice that was the same speaker.
    fileprivate func absorb(_ other: History) {
        let points = other.kept.withLock { $0.points }
        kept.withLock { content in
            let spoken = Dictionary(points.map { ($0.time, $0) }, uniquingKeysWith: { first, _ in first })
            content.points = content.points.map { $0.scores == nil ? spoken[$0.time] ?? $0 : $0 }
        }
    }

    /// Adds a window in which this voice does not speak.
    fileprivate func writeSilence(_ row: Row) {
        write(row, Point(time: row.end, status: .silence, scores: nil, smoothed: nil))
    }

    /// Calls `body` with the history, under its lock; callable from any thread. A copy of an array must not leave `body`: the
    /// session would have to copy it for its next row.
    package func withContent<Result: Sendable>(_ body: @Sendable (Content) -> Result) -> Result {
        kept.withLock { body($0) }
    }

    func write(_ row: Row) {
        write(row, Point(time: row.end, status: row.status, scores: row.scores, smoothed: row.smoothed))
    }

    private func write(_ row: Row, _ point: Point) {
        kept.withLock { content in
            content.revision += 1
            switch row.status {
            case .marker: content.markers.append(Marker(time: row.end, note: row.note))
            case _ where row.isWindow: content.points.append(point)
            default: break
            }
            let oldest = row.end - Self.span
            // Removes a minute at a time, so that a row costs amortised constant time.
            if let first = content.points.first, first.time < oldest - 60 {
                content.points.removeAll { $0.time < oldest }
                content.markers.removeAll { $0.time < oldest }
            }
        }
    }
}
