import EmotionCore

/// What the network gets of a window that holds speech and silence.
public enum SilenceTreatment: String, CaseIterable, Sendable {
    /// The whole window.
    case keep
    /// Its speech, put together and repeated until it fills a window.
    case cut
}

/// Makes a clip of a window's speech alone, as the paper makes one of a short recording. It depends on the window's
/// samples and on which of its chunks are speech, so that a replay gives the clips of the live session.
enum SilenceRemover {
    /// Samples kept on either side of each stretch of speech, 0.15 s: the detector opens late and closes early on soft
    /// sounds.
    static let padding = AudioFormat.samples(0.15)
    /// From this share of speech on the window is taken whole: pauses this short belong to the speaking.
    static let wholeFrom: Float = 0.8

    /// The clip for `window`: as long as the window, the stretches of speech one after another and repeated whole,
    /// cut off at the end.
    ///
    /// - Parameter length: samples of a full window; a recording shorter than one is filled up to it.
    static func clip(_ window: Window, length: Int) -> [Float] {
        guard window.speech < wholeFrom else { return window.samples }
        let speech = padded(window.spoken, within: window.samples.indices).flatMap { window.samples[$0] }
        guard !speech.isEmpty, speech.count < window.samples.count else { return window.samples }
        var clip: [Float] = []
        clip.reserveCapacity(length + speech.count)
        while clip.count < length { clip += speech }
        return Array(clip.prefix(length))
    }

    /// `ranges`, ascending, each widened by `padding` within `bounds`; those that meet become one.
    static func padded(_ ranges: [Range<Int>], within bounds: Range<Int>) -> [Range<Int>] {
        var result: [Range<Int>] = []
        for range in ranges {
            let wide = (range.lowerBound - padding..<range.upperBound + padding).clamped(to: bounds)
            if let last = result.last, last.upperBound >= wide.lowerBound {
                result[result.count - 1] = last.lowerBound..<wide.upperBound
            } else if !wide.isEmpty {
                result.append(wide)
            }
        }
        return result
    }
}
