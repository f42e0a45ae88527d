import EmotionCore

/// What a session keeps of one voice: its baseline, its smoothed scores and its totals.
struct VoiceState {
    private(set) var baseline: BaselineTracker
    private(set) var totals = EmotionTotals()

    private var smoother: Smoother
    private let unsureBelow: Double

    init(_ settings: SessionSettings, _ baseline: BaselineTracker) {
        unsureBelow = settings.unsureBelow
        self.baseline = baseline
        smoother = Smoother(timeConstant: settings.smoothing)
    }

    /// Corrects a row's logits by the baseline, smooths its scores, and sets its decisions.
    mutating func read(_ row: inout Row) {
        guard let logits = row.logits else { return }
        row.baseline = baseline.state
        let scores = baseline.read(logits, seconds: row.newSpeech)
        let smoothed = smoother.smooth(scores, at: row.end)
        row.scores = scores
        row.smoothed = smoothed
        row.decision = Decision(scores, unsureBelow: unsureBelow)
        row.smoothedDecision = Decision(smoothed, unsureBelow: unsureBelow)
    }

    /// Counts a row about a window, for the seconds since the window before it.
    mutating func count(_ row: Row, _ seconds: Double) {
        totals.add(row.smoothedDecision, seconds)
    }

    /// Takes the newest speech as the voice's normal, as `BaselineTracker.take` does.
    mutating func takeBaseline() -> Double? { baseline.take() }

    /// Takes over the totals of a voice that was the same speaker.
    mutating func absorb(_ other: VoiceState) {
        totals.add(other.totals)
    }

    /// Begins another source with another baseline.
    mutating func beginSource(_ baseline: BaselineTracker) {
        self.baseline = baseline
        smoother.reset()
    }
}
