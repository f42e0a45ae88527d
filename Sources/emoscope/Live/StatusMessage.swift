import EmotionStream

/// A message for the user that disappears after some seconds.
struct StatusMessage {
    /// Nanoseconds for which a message is shown.
    private static let duration = 4_000_000_000

    private let clock: SessionClock
    private var shown: (text: String, until: Int)?

    init(clock: SessionClock = .system) {
        self.clock = clock
    }

    mutating func show(_ text: String) {
        shown = (text, clock.now() + Self.duration)
    }

    var text: String? {
        guard let shown, clock.now() < shown.until else { return nil }
        return shown.text
    }
}
