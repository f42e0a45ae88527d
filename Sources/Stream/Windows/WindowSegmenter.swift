import EmotionCore

/// Cuts the stream of one source into overlapping windows anchored at sample indices.
///
/// Window k of a source covers `origin + k·hop ..< origin + k·hop + length`. At the source's end one more window
/// ends with its last sample, so that the windows together cover every sample; a source shorter than a
/// window gives that one window alone. Everything depends on sample indices only, never on how the samples
/// arrived, so a recording replayed gives the very windows of the live session.
struct WindowSegmenter {
    /// Samples at the end of a window that tell whether anybody still speaks, 1 s.
    static let recent = AudioFormat.samples(1)

    /// Samples in a window and between the starts of two windows.
    let length: Int
    let hop: Int
    /// Stream index of the source's first sample, and past its newest one.
    let origin: Int
    private(set) var position: Int
    private(set) var speech: SpeechTrack

    private var buffer: [Float] = []
    /// Stream index of `buffer`'s first sample.
    private var bufferStart: Int
    private var nextEnd: Int
    /// Where the newest window ended.
    private var lastEnd: Int

    init(length: Int, hop: Int, origin: Int, speech: SpeechTrack) {
        self.length = length
        self.hop = hop
        self.origin = origin
        self.speech = speech
        position = origin
        bufferStart = origin
        nextEnd = origin + length
        lastEnd = origin
    }

    /// Takes the next samples of the stream; returns the windows that they complete, oldest first.
    mutating func append(_ samples: ArraySlice<Float>) -> [Window] {
        var windows: [Window] = []
        var rest = samples
        while !rest.isEmpty {
            let taken = rest.prefix(nextEnd - position)
            buffer += taken
            speech.append(taken)
            position += taken.count
            rest = rest.dropFirst(taken.count)
            if position == nextEnd {
                windows.append(window(from: position - length))
                lastEnd = position
                nextEnd += hop
                discard(before: nextEnd - length)
            }
        }
        return windows
    }

    /// The source has ended: the window over its last samples, unless one ended there or nothing came.
    mutating func finish() -> Window? {
        guard position > lastEnd else { return nil }
        lastEnd = position
        return window(from: max(origin, position - length))
    }

    private func window(from start: Int) -> Window {
        let samples = Array(buffer[(start - bufferStart)...])
        let recent = start == origin ? start : max(start, position - Self.recent)
        return Window(
            start: start, end: position, samples: samples, speech: speech.share(from: start, to: position),
            recentSpeech: speech.share(from: recent, to: position),
            spoken: speech.ranges(from: start, to: position).map { $0.lowerBound - start..<$0.upperBound - start },
            level: Level.dbfs(samples)
        )
    }

    /// Lets samples go that no later window can hold; the last window may reach back a whole length.
    private mutating func discard(before index: Int) {
        let surplus = min(index, position - length) - bufferStart
        guard surplus > 0 else { return }
        buffer.removeFirst(surplus)
        bufferStart += surplus
    }
}
