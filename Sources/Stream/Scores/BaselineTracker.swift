import EmotionCore

/// The baseline of one channel while a session goes on.
///
/// It depends on the windows before alone, so that a replay of the same samples comes to the same baseline.
package struct BaselineTracker {
    /// Seconds of speech after which a session counts as having learned the voice, and that the user's key takes.
    static let learned = 20.0
    /// Seconds of speech that a session learns from: the newest ones.
    static let memory = 60.0
    /// Seconds of speech without which there is nothing to take.
    static let least = 3.0

    private let correction: BaselineCorrection
    /// Windows that were read, with the probability of neutral as it was shown.
    private var heard: [(part: VoiceBaseline, neutral: Float)] = []
    private var baseline: VoiceBaseline?
    package private(set) var state: BaselineState

    /// - Parameter channel: Index of the channel, for a baseline that is given.
    package init(_ mode: BaselineMode, _ correction: BaselineCorrection, channel: Int) {
        self.correction = correction
        switch mode {
        case .none: state = .none
        case .automatic: state = .learning(seconds: 0)
        case .given(let given):
            let known = given.indices.contains(channel) ? given[channel] : nil
            state = known?.state ?? .none
            baseline = known?.baseline
        }
    }

    /// The probabilities of a window; what it says is learned afterwards.
    ///
    /// - Parameters:
    ///   - logits: The network's.
    ///   - seconds: Speech that the window adds to what was heard before.
    package mutating func read(_ logits: EmotionScores, seconds: Double) -> EmotionScores {
        let scores = correction.apply(to: logits, baseline).softmax
        if logits.isFinite {
            heard.append((VoiceBaseline(logits: logits, seconds: seconds), scores.neutral))
            let excess = heard.reduce(-Self.memory) { $0 + $1.part.seconds }
            if excess >= heard[0].part.seconds { heard.removeFirst() }
        }
        learn()
        return scores
    }

    /// Takes the newest 20 s of speech as the voice's normal from now on.
    ///
    /// - Returns: The seconds that were taken; nil where less than 3 s of speech were heard, and nothing changes.
    mutating func take() -> Double? {
        var parts: [VoiceBaseline] = []
        var seconds = 0.0
        for window in heard.reversed() where seconds < Self.learned {
            parts.append(window.part)
            seconds += window.part.seconds
        }
        guard seconds >= Self.least, let mean = VoiceBaseline(mean: parts) else { return nil }
        baseline = mean
        state = .session
        return seconds
    }

    private mutating func learn() {
        switch state {
        case .learning, .automatic: break
        case .none, .session, .recording, .profile: return
        }
        baseline = VoiceBaseline(mostNeutral: heard)
        let total = heard.reduce(0) { $0 + $1.part.seconds }
        if state != .automatic { state = total >= Self.learned ? .automatic : .learning(seconds: total) }
    }
}
