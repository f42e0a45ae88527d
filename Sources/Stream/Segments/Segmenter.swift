import EmotionCore

/// Turns the rows of a recording or of one channel of a session, whose windows overlap, into segments that do not.
///
/// - Each instant belongs to the window whose middle is nearest, of those that hold it. The first window therefore also
///   owns its first half, and the last one its last. An instant in no window, as in a pause of the log, is in no segment.
/// - Adjacent instants with the same speaker and label are one segment.
/// - A segment that is shorter than the minimum is given to a neighbour, the shortest segment first: to the neighbour of
///   the same speaker, else to the longer one; of two that are equal, to the earlier. The neighbour keeps its speaker,
///   label and probabilities. Segments of the same speaker and label that meet are joined.
/// - Silence is never given to speech, nor speech to silence: both then stay, however short.
package struct Segmenter: Sendable {
    /// The minimum lengths that a segmenter accepts, in seconds; 0 keeps every segment.
    package static let minimumRange = 0.0...10
    /// The usual minimum length, in seconds.
    package static let standardMinimum = 0.5

    /// The length in samples below which a segment is given to a neighbour.
    private let minimum: Int
    private var segments: [Segment] = []
    /// The newest row about a window, and the first sample that belongs to its window.
    private var newest: (row: Row, start: Int)?

    /// - Parameter minimum: Seconds, 0…10, below which a segment is given to a neighbour.
    package init(minimum: Double = standardMinimum) {
        self.minimum = AudioFormat.samples(minimum)
    }

    /// Adds the next row, in the order of the session; a row that is about no window is ignored.
    package mutating func add(_ row: Row) {
        guard SegmentLabel(row) != nil else { return }
        guard let before = newest else {
            newest = (row, AudioFormat.samples(row.start))
            return
        }
        let (end, start) = (AudioFormat.samples(before.row.end), AudioFormat.samples(row.start))
        let middle = (Self.doubledMiddle(of: before.row) + Self.doubledMiddle(of: row)) / 4
        // Windows that do not overlap own no instant beyond their own.
        let boundary = start < end ? min(max(middle, start), end) : end
        append(before.row, over: before.start..<max(before.start, boundary))
        newest = (row, max(before.start, boundary, start))
    }

    /// Ends the recording.
    ///
    /// - Returns: Its segments, ascending, which together cover what the windows cover; none where no window was added.
    package mutating func finish() -> [Segment] {
        if let last = newest {
            append(last.row, over: last.start..<max(last.start, AudioFormat.samples(last.row.end)))
        }
        defer { (segments, newest) = ([], nil) }
        var (merged, stretch): ([Segment], [Segment]) = ([], [])
        for segment in segments {
            if segment.label == .silence || stretch.last.map({ !$0.touches(segment) }) == true {
                merged += merge(stretch)
                stretch = []
            }
            if segment.label == .silence { merged.append(segment) } else { stretch.append(segment) }
        }
        return merged + merge(stretch)
    }

    /// The sum of the first sample of a window and the one after its last.
    private static func doubledMiddle(of row: Row) -> Int {
        AudioFormat.samples(row.start) + AudioFormat.samples(row.end)
    }

    private mutating func append(_ row: Row, over range: Range<Int>) {
        guard !range.isEmpty, let segment = Segment(row, over: range) else { return }
        if let last = segments.last, last.touches(segment), segment.continues(last) {
            segments[segments.count - 1].join(segment)
        } else {
            segments.append(segment)
        }
    }

    /// Gives the short segments of a stretch without silence and gaps to their neighbours.
    private func merge(_ stretch: [Segment]) -> [Segment] {
        var segments = stretch
        while segments.count > 1 {
            let lengths = segments.map(\.range.count)
            guard let shortest = lengths.indices.min(by: { lengths[$0] < lengths[$1] }), lengths[shortest] < minimum
            else { break }
            segments[Self.neighbour(of: shortest, in: segments)].absorb(segments[shortest])
            segments.remove(at: shortest)
            if segments.indices.contains(shortest), shortest > 0, segments[shortest].continues(segments[shortest - 1]) {
                segments[shortest - 1].join(segments.remove(at: shortest))
            }
        }
        return segments
    }

    /// The index of the neighbour that a segment is given to.
    private static func neighbour(of index: Int, in segments: [Segment]) -> Int {
        let neighbours = [index - 1, index + 1].filter(segments.indices.contains)
        let same = neighbours.filter { segments[$0].speaker == segments[index].speaker }
        let candidates = same.isEmpty ? neighbours : same
        return candidates.dropFirst().reduce(candidates[0]) { best, next in
            segments[next].range.count > segments[best].range.count ? next : best
        }
    }
}
