import EmotionCore

extension SpeakerTracker {
    /// Samples of a pause in one voice's speech that belong to its turn, and that a turn is longer than its chunks of speech
    /// on either side, because the voice activity detector opens late and closes early.
    private static let (bridged, padding) = (AudioFormat.samples(0.5), AudioFormat.samples(0.1))

    /// The turns of the source so far, ascending, as samples of the source; `history` must reach back to its beginning.
    package var turns: [SpeakerStretch] {
        var turns: [SpeakerStretch] = []
        for stretch in stretches(in: 0..<Int.max) {
            guard let last = turns.last else {
                turns.append(stretch)
                continue
            }
            let pause = stretch.range.lowerBound - last.range.upperBound
            if stretch.voice == last.voice, pause <= Self.bridged {
                turns[turns.count - 1].range = last.range.lowerBound..<stretch.range.upperBound
            } else {
                turns.append(stretch)
            }
        }
        // A pause between two turns is shared.
        let plain = turns.map(\.range)
        for index in turns.indices {
            let before = index > 0 ? (plain[index - 1].upperBound + plain[index].lowerBound) / 2 : 0
            let after = index + 1 < plain.count ? (plain[index].upperBound + plain[index + 1].lowerBound) / 2 : Int.max
            turns[index].range =
                max(before, plain[index].lowerBound - Self.padding)..<min(after, plain[index].upperBound + Self.padding)
        }
        return turns
    }
}
