import TestSupport
import Testing

@testable import EmotionCapture

@Suite struct CaptureErrorTests {
    @Test func readsAsOneLine() {
        let error = CaptureError(
            .device, "hw:CARD=Mic", cannot: "open", because: "another program is using it", advice: "close that program"
        )
        #expect("\(error)" == "cannot open \"hw:CARD=Mic\": another program is using it; close that program")
        let bare = CaptureError(.recording, "a.wav", cannot: "open", because: "it is empty")
        #expect("\(bare)" == "cannot open \"a.wav\": it is empty")
    }

    @Test func holdsNoControlCharacters() {
        let error = CaptureError(.recording, "a\u{1B}[2J\nb\u{9B}", cannot: "open", because: "it is empty")
        #expect("\(error)" == "cannot open \"a\u{FFFD}[2J\u{FFFD}b\u{FFFD}\": it is empty")
    }
}
