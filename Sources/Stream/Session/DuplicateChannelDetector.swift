import EmotionCore

/// Detects two channels that carry the same samples, as those of a mono microphone behind a sound server do, or one those
/// of the other inverted, as with a wire of the cable reversed.
struct DuplicateChannelDetector {
    /// Number of equal samples, without those of digital silence, that rules out chance.
    static let enough = AudioFormat.samples(3)

    private var alike = 0
    private var differs = false
    private var differsInverted = false

    /// What is wrong with the channels; nil where they differ, or too few samples were compared.
    var trouble: InputTrouble? {
        guard alike >= Self.enough else { return nil }
        return !differs ? .same : !differsInverted ? .inverted : nil
    }

    mutating func compare(_ first: ArraySlice<Float>, _ second: ArraySlice<Float>) {
        guard !differs || !differsInverted else { return }
        differs = differs || first != second
        differsInverted = differsInverted || !zip(first, second).allSatisfy { $0 == -$1 }
        alike += first.count { $0 != 0 }
    }
}
