import EmotionStream
import EmotionTUI

/// All that a picture of the session may show.
struct SessionDisplayState {
    var session: SessionSnapshot
    var source: DashboardSnapshot.Source
    var overruns: Int
    var drift: ClockDrift.Estimate?
    var model: String
    var recording: DashboardSnapshot.Recording
    var audio: String?
    /// Wall-clock seconds since the start.
    var elapsed: Double
    var hop: Double
    var message: String?
    /// Probability below which no emotion is named.
    var unsureBelow: Double
    var histories: Histories
    var hasEnded = false
}

/// Somewhere that shows the session while it runs.
protocol SessionDisplay: AnyObject {
    /// Waits for a key that asks for something, or for the time to pass.
    func wait(milliseconds: Int) -> DashboardAction?
    func show(_ view: SessionDisplayState)
    func close()
}
