import EmotionEvaluation
import EmotionRecognition

/// Measures what the network makes of ordinary speech, which has no labels: several recordings at once.
struct OrdinarySpeechEvaluation {
    let recognizer: EmotionRecognizer
    /// Seconds at the start of a recording that tell how its voice sounds, 0 or more.
    let reference: Double
    /// The probability, 0…1, below which a window is unsure.
    let threshold: Double
    let isQuiet: Bool

    /// A report of the recordings that could be read, as text or JSON; nil where none could.
    ///
    /// - Parameter failures: Counts the recordings that cannot be read.
    /// - Throws: Where the voice activity detector is not found.
    func report(_ recordings: [OrdinaryRecording], asJSON: Bool, _ failures: inout FailureCount) throws -> String? {
        let shares = try read(recordings, &failures)
        guard !shares.corpora.isEmpty else { return nil }
        if asJSON { return try OrdinarySpeechReport.json(shares) }
        let known =
            reference > 0 ? "; the first \(reference.fixed(1)) s of each recording are its voice's reference" : ""
        return OrdinarySpeechReport.text(
            shares,
            heading: "\(recognizer.weightsPath): windows of 3 s, one every second; unsure below "
                + "\(threshold.fixed(2))\(known)")
    }

    private func read(_ recordings: [OrdinaryRecording], _ failures: inout FailureCount) throws -> GroupedShares {
        let detector = try ShippedFiles.path(of: ShippedFiles.voiceActivity)
        var shares = GroupedShares()
        var bar = ProgressBar(isQuiet: isQuiet)
        var done = 0
        let (reference, threshold) = (reference, threshold)
        recognizer.mapInParallel(recordings) { engine in
            Result {
                try OrdinarySpeechReader(engine, detector: detector, reference: reference, threshold: threshold)
            }
        } transform: { reader, recording in
            Result { try reader.get().read(recording.path) }
        } receive: { recording, result in
            bar.show(done, of: recordings.count, recording.corpus)
            done += 1
            if case .failure = result { bar.clear() }
            failures.counting { shares.add(try result.get(), corpus: recording.corpus) }
        }
        bar.clear()
        return shares
    }
}
