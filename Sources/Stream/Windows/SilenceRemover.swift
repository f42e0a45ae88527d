import EmotionCore

/// The samples that the network reads of a window with speech and silence.
public enum SilenceTreatment: String, CaseIterable, Sendable {
    /// The whole window.
    case keep
    /// Its speech alone, concatenated and repeated until it fills a window.
    case cut
}

/// Makes a clip of a window's speech alone, as the paper does with a short recording. The clip depends only on the
/// window's samples and on which chunks are speech, so a replay gives the same clips as the live session.
package enum SilenceRemover {
    /// Samples kept on either side of each stretch of speech, 0.15 s, because the detector opens late and closes early
    /// on soft sounds.
    static let padding = AudioFormat.samples(0.15)
    /// Share of speech from which the window is taken whole: pauses this short are part of the speech.
    static let wholeFrom: Float = 0.8

    /// The clip for `window`: its stretches of speech one after another, repeated as a whole and cut to `length`; the
    /// window's own samples where it is mostly speech or holds none.
    ///
    /// - Parameter length: Samples of a full window; the clip of a shorter recording is filled up to it.
    static func clip(_ window: Window, length: Int) -> [Float] {
        guard window.speech < wholeFrom else { return window.samples }
        return clip(window, of: padded(window.spoken, within: window.samples.indices), length: length)
    }

    /// The clip for `window` that holds the samples of ascending ranges alone; all its samples where there are none.
    static func clip(_ window: Window, of ranges: [Range<Int>], length: Int) -> [Float] {
        let speech = ranges.flatMap { window.samples[$0] }
        guard !speech.isEmpty, speech.count < window.samples.count else { return window.samples }
        var clip: [Float] = []
        clip.reserveCapacity(length + speech.count)
        while clip.count < length { clip += speech }
        return Array(clip.prefix(length))
    }

    /// Widens the ascending `ranges` by `padding` within `bounds`, and joins those that touch or overlap.
    package static func padded(_ ranges: [Range<Int>], within bounds: Range<Int>) -> [Range<Int>] {
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
