import EmotionCore
import EmotionStream

/// A line for the user that goes away by itself.
struct StatusMessage {
    private var shown: (text: String, until: Int)?

    mutating func show(_ text: String) {
        shown = (text, Clock.now + 4_000_000_000)
    }

    var text: String? {
        guard let shown, Clock.now < shown.until else { return nil }
        return shown.text
    }
}
