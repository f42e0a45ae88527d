/// What is known of how a voice sounds when it is neutral: the mean of the network's logits over such speech.
///
/// A voice, its room and its microphone move the logits as much as an emotion does; the baseline holds that offset.
public struct VoiceBaseline: Equatable, Sendable, Codable {
    /// The mean of the logits.
    public var logits: EmotionScores
    /// Seconds of speech that the mean is over, 0 or more.
    public var seconds: Double

    /// Creates a baseline.
    public init(logits: EmotionScores, seconds: Double) {
        self.logits = logits
        self.seconds = seconds
    }

    /// The mean over the parts that sound most neutral: four fifths of their seconds.
    ///
    /// Parts that are emotional would move the mean towards their emotion; of a voice that is neutral they are few.
    ///
    /// - Parameter parts: Logits of pieces of speech, and the probability of neutral as it was read.
    /// - Returns: nil where there is no speech.
    public init?(mostNeutral parts: [(part: VoiceBaseline, neutral: Float)]) {
        let kept = 0.8 * parts.reduce(0) { $0 + $1.part.seconds }
        var seconds = 0.0
        let chosen = parts.sorted { $0.neutral > $1.neutral }.prefix { part, _ in
            defer { seconds += part.seconds }
            return seconds < kept
        }
        self.init(mean: chosen.map(\.part))
    }

    /// The mean over parts, each weighted by its seconds; nil where there are none.
    ///
    /// - Parameter parts: Logits of pieces of neutral speech, and the seconds of speech in each.
    public init?(mean parts: some Sequence<VoiceBaseline>) {
        var sums = [Double](repeating: 0, count: Emotion.allCases.count)
        var seconds = 0.0
        for part in parts {
            for emotion in Emotion.allCases { sums[emotion.index] += Double(part.logits[emotion]) * part.seconds }
            seconds += part.seconds
        }
        guard seconds > 0 else { return nil }
        self.init(logits: EmotionScores { Float(sums[$0.index] / seconds) }, seconds: seconds)
    }
}
