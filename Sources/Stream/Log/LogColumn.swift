import EmotionCore

/// A column of the log, by its name in the header; `allCases` is in the order of the file.
package enum LogColumn: String, CaseIterable, Sendable {
    case sequence = "seq"
    case start = "start_s"
    case end = "end_s"
    case wallEnd = "wall_end"
    case status, speech
    case level = "rms_dbfs"
    case angry = "p_angry"
    case happy = "p_happy"
    case neutral = "p_neutral"
    case sad = "p_sad"
    case label
    case smoothedAngry = "s_angry"
    case smoothedHappy = "s_happy"
    case smoothedNeutral = "s_neutral"
    case smoothedSad = "s_sad"
    case smoothedLabel = "smoothed_label"
    case inference = "infer_ms"
    case latency = "latency_ms"
    case missing = "dropped_s"
    case note, channel, speaker, baseline
    case logitAngry = "l_angry"
    case logitHappy = "l_happy"
    case logitNeutral = "l_neutral"
    case logitSad = "l_sad"

    /// The columns of the probabilities, of the smoothed ones and of the logits, in the order of `Emotion.allCases`.
    static let probabilities: [LogColumn] = [.angry, .happy, .neutral, .sad]
    static let smoothed: [LogColumn] = [.smoothedAngry, .smoothedHappy, .smoothedNeutral, .smoothedSad]
    static let logits: [LogColumn] = [.logitAngry, .logitHappy, .logitNeutral, .logitSad]

    /// The columns that every log has: all but those of the logits.
    static let common = allCases.filter { !logits.contains($0) }
    /// The columns without which a file is no log that can be read: all but measurements that say nothing of the voice.
    static let required = common.filter { ![.sequence, .speech, .inference, .latency, .missing].contains($0) }
}
