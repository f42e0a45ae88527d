import EmotionCore

/// Cuts the stream of one source into overlapping windows at fixed sample indices.
///
/// Window k of a source covers `origin + k·hop ..< origin + k·hop + length`. At the end of the source, one more window
/// ends with the last sample, so that the windows together cover every sample; a source shorter than a window gives one
/// short window. Windows depend on sample indices only, not on how the samples arrived, so a replayed recording gives
/// the same windows as the live session.
struct WindowSegmenter {
    /// Samples of a window's newest second, which shows whether speech goes on.
    static let recent = AudioFormat.samples(1)

    /// Samples in a window and between the starts of two windows.
    let length: Int
    let hop: Int
    /// Stream index of the source's first sample, and the index after its newest.
    let origin: Int
    private(set) var position: Int
    var speech: SpeechTrack

    private var buffer: [Float] = []
    /// Stream index of `buffer`'s first sample.
    private var bufferStart: Int
    private var nextEnd: Int
    /// Stream index at which the newest window ended.
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

    /// Appends the next samples of the stream, and returns the windows that they complete, oldest first.
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

    /// Ends the source, and returns the window over its last samples; nil where a window ended there or no sample came.
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
            voices: voices(from: start),
            level: Level.dbfs(samples)
        )
    }

    /// The stretches of speech by voice, as ranges of the window that begins at `start`.
    private func voices(from start: Int) -> [SpeakerStretch] {
        guard let speakers = speech.speakers else { return [] }
        return speakers.stretches(in: start - origin..<position - origin).map { stretch in
            let offset = start - origin
            let range = stretch.range.lowerBound - offset..<stretch.range.upperBound - offset
            return SpeakerStretch(range: range, voice: stretch.voice, isShared: stretch.isShared)
        }
    }

    /// Discards samples that no later window can contain; the last window may reach back a whole length.
    private mutating func discard(before index: Int) {
        let surplus = min(index, position - length) - bufferStart
        guard surplus > 0 else { return }
        buffer.removeFirst(surplus)
        bufferStart += surplus
    }
}
