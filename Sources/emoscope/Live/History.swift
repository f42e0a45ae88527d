import EmotionCore
import EmotionStream
import EmotionTUI

/// A history a channel.
final class Histories: RowSink {
    let channels: [History]

    init(channels: Int) {
        self.channels = (0..<channels).map { _ in History() }
    }

    /// A row about the session, such as a marker, is in each.
    func write(_ row: Row) {
        for (index, history) in channels.enumerated() where row.channel ?? index + 1 == index + 1 {
            history.write(row)
        }
    }
}

/// What the dashboard draws of a channel's past: the rows of the last ten minutes as its points and markers.
final class History: Sendable {
    /// Seconds kept; the dashboard's widest zoom.
    static let span = 600.0

    private struct Content {
        var points: [DashboardSnapshot.Point] = []
        var markers: [DashboardSnapshot.Marker] = []
    }

    private let content = Locked(Content())

    var points: [DashboardSnapshot.Point] { content.withLock { $0.points } }
    var markers: [DashboardSnapshot.Marker] { content.withLock { $0.markers } }

    func write(_ row: Row) {
        content.withLock { content in
            switch row.status {
            case .ok, .silence, .dropped, .failed: content.points.append(Self.point(row))
            case .marker: content.markers.append(.init(time: row.end, note: row.note))
            case .overrun, .deviceLost, .unlogged, .unsaved: break
            }
            let oldest = row.end - Self.span
            // In blocks, so that a row costs amortised constant time.
            if let first = content.points.first, first.time < oldest - 60 {
                content.points.removeAll { $0.time < oldest }
                content.markers.removeAll { $0.time < oldest }
            }
        }
    }

    private static func point(_ row: Row) -> DashboardSnapshot.Point {
        let status: DashboardSnapshot.Status =
            switch row.status {
            case .ok: .ok
            case .silence: .silence
            default: .dropped
            }
        return .init(
            time: row.end, status: status, raw: row.scores ?? EmotionScores(), smoothed: row.smoothed ?? EmotionScores()
        )
    }
}
