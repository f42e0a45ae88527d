/// The results of the voice activity detector for the recent stream, chunk by chunk.
///
/// Silero VAD reads chunks of 512 samples (32 ms) in order, so the probability of a chunk depends only on the stream,
/// not on the positions of windows.
package struct SpeechTrack {
    /// Returns the probability of speech (0…1) of the next chunk, in order; keeps state from chunk to chunk.
    package typealias Detector = @Sendable ([Float]) -> Float

    /// Samples in a chunk.
    let chunk: Int
    /// Probability from which a chunk counts as speech.
    let threshold: Float

    /// The probability of the newest chunk.
    private(set) var latest: Float = 0
    /// Samples so far in chunks that count as speech.
    package private(set) var spokenSamples = 0
    /// Who speaks in each chunk; nil where speakers are not told apart.
    package var speakers: SpeakerTracker?

    private let detector: Detector
    private var pending: [Float] = []
    private var speechFlags: [Bool] = []
    /// Stream index of the first chunk in `speechFlags`, and the number of chunks kept.
    private var first: Int
    private let capacity: Int

    /// - Parameters:
    ///   - origin: Stream index of the first sample.
    ///   - history: Number of samples back to which `share` and `ranges` may be asked.
    package init(
        chunk: Int, threshold: Float, origin: Int, history: Int, speakers: SpeakerTracker? = nil,
        detector: @escaping Detector
    ) {
        self.chunk = chunk
        self.threshold = threshold
        self.detector = detector
        self.speakers = speakers
        first = origin
        capacity = history / chunk + 2
        pending.reserveCapacity(chunk)
    }

    package mutating func append(_ samples: ArraySlice<Float>) {
        var rest = samples
        while !rest.isEmpty {
            let taken = rest.prefix(chunk - pending.count)
            pending += taken
            rest = rest.dropFirst(taken.count)
            if pending.count == chunk { closeChunk() }
        }
    }

    /// Share (0…1) of the whole chunks inside `start..<end` that hold speech; 0 where no chunk lies inside.
    package func share(from start: Int, to end: Int) -> Float {
        let inside = chunks(from: start, to: end)
        guard !inside.isEmpty else { return 0 }
        return Float(speechFlags[inside].count { $0 }) / Float(inside.count)
    }

    /// The stretches of whole chunks inside `start..<end` that hold speech, as stream indices, ascending.
    package func ranges(from start: Int, to end: Int) -> [Range<Int>] {
        var ranges: [Range<Int>] = []
        for index in chunks(from: start, to: end) where speechFlags[index] {
            let begin = first + index * chunk
            if let last = ranges.last, last.upperBound == begin {
                ranges[ranges.count - 1] = last.lowerBound..<begin + chunk
            } else {
                ranges.append(begin..<begin + chunk)
            }
        }
        return ranges
    }

    /// Indices of the whole chunks inside `start..<end`.
    private func chunks(from start: Int, to end: Int) -> Range<Int> {
        let low = max(0, (start - first + chunk - 1) / chunk)
        return low..<max(low, min(speechFlags.count, (end - first) / chunk))
    }

    private mutating func closeChunk() {
        latest = detector(pending)
        speechFlags.append(latest >= threshold)
        if latest >= threshold { spokenSamples += chunk }
        speakers?.append(pending, isSpeech: latest >= threshold)
        pending.removeAll(keepingCapacity: true)
        // Removes many chunks at once, so that a chunk costs amortised constant time.
        if speechFlags.count > 2 * capacity {
            let surplus = speechFlags.count - capacity
            speechFlags.removeFirst(surplus)
            first += surplus * chunk
        }
    }
}
