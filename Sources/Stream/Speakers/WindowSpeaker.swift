import EmotionCore

/// The speaker whom a window's scores are of, where speakers are told apart.
struct WindowSpeaker: Equatable {
    /// Samples of speech that say something of a voice, 1 s.
    private static let enough = AudioFormat.samples(1)

    /// The number of the voice.
    let voice: Int
    /// His speech in the window.
    let spoken: [Range<Int>]
    /// Whether he is the only one who speaks in the window.
    let isAlone: Bool
    /// Whether most of the newest second of speech is of two at once.
    let isShared: Bool

    /// Finds the speaker of a window: the newest one with at least 1 s of speech in it. Where nobody has as much, the one
    /// who has most.
    ///
    /// - Returns: nil where no voice is known in the window.
    init?(_ window: Window) {
        var spoken: [Int: [Range<Int>]] = [:]
        for stretch in window.voices {
            if let voice = stretch.voice { spoken[voice, default: []].append(stretch.range) }
        }
        let voices = spoken.map { voice, ranges in
            (voice: voice, length: ranges.reduce(0) { $0 + $1.count }, end: ranges.last?.upperBound ?? 0)
        }
        let newest = voices.filter { $0.length >= Self.enough }.max { $0.end < $1.end }
        guard let chosen = newest ?? voices.max(by: { ($0.length, $0.end) < ($1.length, $1.end) }) else { return nil }
        voice = chosen.voice
        self.spoken = spoken[chosen.voice] ?? []
        isAlone = window.voices.allSatisfy { $0.voice == chosen.voice }
        isShared = Self.isShared(window.voices)
    }

    /// The parts of the window that are the speaker's alone: his speech, the pauses in it, and 0.15 s on either side, as far
    /// as nobody else speaks there.
    ///
    /// - Parameter keepsPauses: Whether the pauses between his words are kept.
    func parts(of window: Window, keepsPauses: Bool) -> [Range<Int>] {
        var parts: [Range<Int>] = []
        var free = 0
        for (index, stretch) in window.voices.enumerated() {
            guard stretch.voice == voice else {
                free = stretch.range.upperBound
                continue
            }
            // The one after the next may be somebody else's as well: a padding is longer than a short word.
            let limit =
                window.voices[(index + 1)...].first { $0.voice != voice }?.range.lowerBound ?? window.samples.count
            let start = max(free, stretch.range.lowerBound - SilenceRemover.padding)
            let wide = start..<min(limit, stretch.range.upperBound + SilenceRemover.padding)
            if let last = parts.last, last.upperBound >= wide.lowerBound || keepsPauses && last.upperBound > free {
                parts[parts.count - 1] = last.lowerBound..<max(last.upperBound, wide.upperBound)
            } else {
                parts.append(wide)
            }
        }
        return parts
    }

    /// The samples of speech of a speaker in a window.
    var length: Int { spoken.reduce(0) { $0 + $1.count } }

    private static func isShared(_ stretches: [SpeakerStretch]) -> Bool {
        var (seen, shared) = (0, 0)
        for stretch in stretches.reversed() where seen < enough {
            let count = min(stretch.range.count, enough - seen)
            seen += count
            if stretch.isShared { shared += count }
        }
        return 2 * shared > seen
    }
}
