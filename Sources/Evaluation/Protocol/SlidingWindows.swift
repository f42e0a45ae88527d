/// A stretch of a recording that the network reads.
package struct SpeechWindow: Equatable, Sendable {
    /// Index of its first sample in the recording.
    package let start: Int
    /// At least one.
    package let samples: [Float]
    /// Whether it tells how the voice sounds, and is not counted.
    package let isReference: Bool

    package init(start: Int, samples: [Float], isReference: Bool) {
        self.start = start
        self.samples = samples
        self.isReference = isReference
    }

    /// The samples of the recording that it holds.
    package var range: Range<Int> { start..<start + samples.count }
}

/// Cuts a recording, as its samples come, into windows that overlap, with a reference before them.
///
/// The windows begin at multiples of the hop, so that those behind a reference are windows of the recording without one
/// too. The reference is cut into consecutive windows; a rest of it that is shorter than a second is left out, unless it
/// is all there is. Memory grows with the reference, not with the recording.
package struct SlidingWindows: Sendable {
    private let length: Int
    private let hop: Int
    private let reference: Int
    private let leastRest: Int
    /// Samples from `first` on.
    private var held: [Float] = []
    private var first = 0
    private var next: Int
    /// Windows so far that are no reference.
    package private(set) var count = 0

    /// - Parameters:
    ///   - reference: Samples at the start that tell how the voice sounds, 0 or more.
    ///   - length: Samples of a window, 1 or more.
    ///   - hop: Samples between the starts of two windows, 1 or more.
    ///   - leastRest: Samples that a rest of the reference must have.
    package init(reference: Int, length: Int, hop: Int, leastRest: Int) {
        self.reference = reference
        self.length = length
        self.hop = hop
        self.leastRest = leastRest
        next = (reference + hop - 1) / hop * hop
    }

    /// Takes the next samples.
    ///
    /// - Returns: The windows that are complete now; before the first of them, those of the reference.
    package mutating func add(_ samples: [Float]) -> [SpeechWindow] {
        held += samples
        var cut: [SpeechWindow] = []
        while next + length <= first + held.count {
            if count == 0 { cut += references }
            cut.append(window(next, length, isReference: false))
            count += 1
            next += hop
        }
        if count > 0 {
            let passed = min(next - first, held.count)
            held.removeFirst(passed)
            first += passed
        }
        return cut
    }

    /// The whole recording where it is shorter than a window and has no reference: a window for itself.
    package mutating func finish() -> SpeechWindow? {
        guard count == 0, reference == 0, !held.isEmpty else { return nil }
        count = 1
        return window(0, held.count, isReference: false)
    }

    private var references: [SpeechWindow] {
        stride(from: 0, to: reference, by: length).compactMap { start in
            let size = min(length, reference - start)
            return start == 0 || size >= leastRest ? window(start, size, isReference: true) : nil
        }
    }

    private func window(_ start: Int, _ size: Int, isReference: Bool) -> SpeechWindow {
        let samples = held[start - first..<start - first + size]
        return SpeechWindow(start: start, samples: Array(samples), isReference: isReference)
    }
}
