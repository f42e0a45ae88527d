import EmotionCore

/// What a segment of a recording is.
package enum SegmentLabel: Hashable, Sendable {
    /// Speech, with an emotion or none that is probable enough.
    case speech(Decision)
    /// Nobody speaks.
    case silence
    /// Two speak at once: no emotion is named.
    case overlap
    /// The network did not read it: its windows were dropped, failed or lost samples.
    case unread

    /// The label of a window, decided on its raw probabilities.
    ///
    /// - Returns: nil where the row is about no window.
    init?(_ row: Row) {
        guard row.isWindow else { return nil }
        switch row.status {
        case .ok: self = row.decision.map(SegmentLabel.speech) ?? .unread
        case .silence: self = .silence
        case .overlap: self = .overlap
        case .dropped, .failed, .overrun, .deviceLost: self = .unread
        case .marker, .source, .baseline, .unlogged, .unsaved: return nil
        }
    }

    /// The label as commands print it.
    package var word: String {
        switch self {
        case .speech(let decision): decision.word
        case .silence: "silence"
        case .overlap: "overlap"
        case .unread: "unread"
        }
    }
}
