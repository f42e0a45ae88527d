import EmotionStream

/// A message for the user that disappears after some seconds.
struct StatusMessage {
    private let clock: SessionClock
    private var shown: (text: String, until: Int)?

    init(clock: SessionClock = .system) {
        self.clock = clock
    }

    mutating func show(_ text: String, seconds: Int = 4) {
        shown = (text, clock.now() + seconds * 1_000_000_000)
    }

    var text: String? {
        guard let shown, clock.now() < shown.until else { return nil }
        return shown.text
    }
}
