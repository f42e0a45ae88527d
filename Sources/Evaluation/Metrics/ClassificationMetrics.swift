import EmotionCore

/// What a classifier's answers come to, a clip at a time, by the definitions that the training's `metrics.py` uses.
///
///     var figures = ClassificationMetrics()
///     figures.add(truth: .angry, probabilities: EmotionScores(angry: 0.7, happy: 0.3))
///     print(figures.uar, figures.confusion)
public struct ClassificationMetrics: Equatable, Sendable {
    /// Equal bins of the winning probability that the calibration error is taken over.
    public static let calibrationBins = 10

    /// The clips whose winning probability falls into one bin.
    private struct Bin: Equatable {
        var clips = 0
        var correct = 0
        /// Sum of the winning probabilities.
        var confidence = 0.0
    }

    /// Clips by truth (row) and answer (column), each in the order of `Emotion`.
    public private(set) var confusion = [[Int]](
        repeating: [Int](repeating: 0, count: Emotion.allCases.count), count: Emotion.allCases.count)
    private var bins = [Bin](repeating: Bin(), count: calibrationBins)

    public init() {}

    /// Counts a clip's answer.
    ///
    /// - Parameter probabilities: Their argmax is the answer.
    public mutating func add(truth: Emotion, probabilities: EmotionScores) {
        let answer = probabilities.argmax
        confusion[truth.index][answer.index] += 1
        let confidence = Double(probabilities[answer])
        // The last bin takes 1 as well. What is no number falls into the first instead of ending the program.
        let bin = confidence > 0 ? Int(min(confidence * Double(Self.calibrationBins), 9)) : 0
        bins[bin].clips += 1
        bins[bin].correct += answer == truth ? 1 : 0
        bins[bin].confidence += confidence
    }

    public var clips: Int { bins.reduce(0) { $0 + $1.clips } }

    /// Share of the clips that got the right answer, 0…1; NaN without a clip.
    public var accuracy: Double { Double(bins.reduce(0) { $0 + $1.correct }) / Double(clips) }

    /// Share of the clips of `label` that got the right answer, 0…1; nil where there is no such clip.
    public func recall(_ label: Emotion) -> Double? {
        let row = confusion[label.index]
        let count = row.reduce(0, +)
        return count == 0 ? nil : Double(row[label.index]) / Double(count)
    }

    /// Unweighted average recall: the mean over the labels that some clip has; NaN without a clip.
    public var uar: Double {
        let recalls = Emotion.allCases.compactMap(recall)
        return recalls.reduce(0, +) / Double(recalls.count)
    }

    /// Expected calibration error: over ten equal bins of the winning probability, the mean distance between a bin's
    /// accuracy and its mean probability, weighted by its clips; 0…1, 0 without a clip.
    public var calibrationError: Double {
        bins.reduce(0) { $0 + abs(Double($1.correct) - $1.confidence) } / Double(max(clips, 1))
    }
}
