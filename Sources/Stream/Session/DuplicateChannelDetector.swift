import EmotionCore

/// Detects two channels that carry the same samples, as those of a mono microphone behind a sound server do.
struct DuplicateChannelDetector {
    /// Number of equal samples, without those of digital silence, that rules out chance.
    static let enough = AudioFormat.samples(3)

    private var alike = 0
    private var differs = false

    /// Whether enough samples were compared, and none of them differed.
    var isEstablished: Bool { !differs && alike >= Self.enough }

    mutating func compare(_ first: ArraySlice<Float>, _ second: ArraySlice<Float>) {
        guard !differs else { return }
        differs = first != second
        alike += first.count { $0 != 0 }
    }
}
