import EmotionEvaluation
import EmotionRecognition

/// Measures the network on labelled clips: reads all of them, then applies what is known of each voice.
struct LabelledEvaluation {
    let recognizer: EmotionRecognizer
    let reader: EvaluationReader
    let baseline: ClipBaseline
    let isQuiet: Bool

    /// A report of the clips that could be read, as text or JSON; nil where none could. Clips in which nobody speaks are
    /// counted, and are in no figure.
    ///
    /// - Parameters:
    ///   - clips: Each with its index in the manifest.
    ///   - failures: Counts the clips that cannot be read.
    /// - Throws: Where every clip is a reference.
    func report(_ clips: [(Int, LabelledClip)], asJSON: Bool, _ failures: inout FailureCount) throws -> String? {
        let (readings, silent) = read(clips, &failures)
        guard !readings.isEmpty || !silent.isEmpty else { return nil }
        var metrics = baseline.metrics(of: readings, recognizer.model.configuration.correction)
        for clip in silent { metrics.addSilent(clip) }
        guard metrics.all.clips > 0 || metrics.all.enrolled == 0 else {
            throw Failure(
                .usage,
                "--enrol takes all \(metrics.all.enrolled) clips as references, and leaves none to measure; "
                    + "choose fewer, or give a manifest with more clips of each speaker")
        }
        if asJSON { return try EvaluationReport.json(metrics) }
        let what = reader.window == .middle ? "one window of 3 s a clip, the middle one" : "clips whole"
        return EvaluationReport.text(
            metrics,
            heading: "\(recognizer.weightsPath): \(what)\(reader.conditions.summary)\(baseline.summary)")
    }

    /// What the network says about each clip that can be read, in their order, and the clips in which nobody speaks.
    private func read(
        _ clips: [(Int, LabelledClip)], _ failures: inout FailureCount
    ) -> (readings: [ClipReading], silent: [LabelledClip]) {
        var readings: [ClipReading] = []
        var silent: [LabelledClip] = []
        var bar = ProgressBar(isQuiet: isQuiet)
        var done = 0
        let reader = reader
        recognizer.read(
            clips, pieces: { clip, take in try reader.pieces(of: clip.1.path, place: clip.0, take) }
        ) { clip, result in
            bar.show(done, of: clips.count, clip.1.speaker)
            done += 1
            let warnings = (try? result.get().warnings) ?? []
            if (try? result.get().warnings.isEmpty) != true { bar.clear() }
            failures.warn(warnings.filter { !$0.losesSound })
            failures.counting {
                if let reading = try reader.reading(of: clip.1, result.get()) {
                    readings.append(reading)
                } else {
                    silent.append(clip.1)
                }
            }
        }
        bar.clear()
        return (readings, silent)
    }
}
