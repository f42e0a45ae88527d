import EmotionCore

/// The histories of the channels, one each.
package final class Histories: RowSink {
    package let channels: [History]

    package init(channels: Int) {
        self.channels = (0..<channels).map { _ in History() }
    }

    /// Adds a row to its channel's history; a row about the session, such as a marker, to all of them.
    package func write(_ row: Row) {
        for (index, history) in channels.enumerated() where row.channel ?? index + 1 == index + 1 {
            history.write(row)
        }
    }
}

/// The windows and markers of a channel's last ten minutes.
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
    static let span = 600.0

    private let kept = Locked(Content())

    /// Calls `body` with the history, under its lock; callable from any thread. A copy of an array must not leave `body`: the
    /// session would have to copy it for its next row.
    package func withContent<Result: Sendable>(_ body: @Sendable (Content) -> Result) -> Result {
        kept.withLock { body($0) }
    }

    func write(_ row: Row) {
        kept.withLock { content in
            content.revision += 1
            switch row.status {
            case .marker: content.markers.append(Marker(time: row.end, note: row.note))
            case _ where row.isWindow:
                content.points.append(
                    Point(time: row.end, status: row.status, scores: row.scores, smoothed: row.smoothed))
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
