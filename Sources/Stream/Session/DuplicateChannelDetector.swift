import EmotionCore

/// Whether two channels carry the same samples, as those of a mono microphone behind a sound server do.
struct DuplicateChannelDetector {
    /// Samples, other than digital silence, from which duplicateDetector is no accident.
    static let enough = AudioFormat.samples(3)

    private var alike = 0
    private var differs = false

    /// Enough was heard, and not a sample of it differed.
    var isEstablished: Bool { !differs && alike >= Self.enough }

    mutating func compare(_ first: ArraySlice<Float>, _ second: ArraySlice<Float>) {
        guard !differs else { return }
        differs = first != second
        alike += first.count { $0 != 0 }
    }
}
