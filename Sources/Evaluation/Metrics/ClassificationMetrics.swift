import EmotionCore

/// The confusion matrix of a classifier and the metrics that follow from it, as the training's `metrics.py` defines
/// them.
///
///     var metrics = ClassificationMetrics()
///     metrics.add(truth: .angry, probabilities: EmotionScores(angry: 0.7, happy: 0.3))
///     print(metrics.uar, metrics.confusion)
package struct ClassificationMetrics: Equatable, Sendable {
    /// Equal bins of the greatest probability, for the calibration error.
    package static let calibrationBins = 10

    /// The clips whose greatest probability falls into one bin.
    private struct Bin: Equatable {
        var clips = 0
        var correct = 0
        /// The sum of their greatest probabilities.
        var confidence = 0.0
    }

    /// Clips by truth (row) and prediction (column), each in the order of `Emotion`.
    package private(set) var confusion = [[Int]](
        repeating: [Int](repeating: 0, count: Emotion.allCases.count), count: Emotion.allCases.count)
    /// Clips that told how their voices sound when they are neutral; they are in none of the other figures.
    package private(set) var enrolled = 0
    /// Clips in which nobody speaks; they are in none of the other figures.
    package private(set) var silent = 0
    private var bins = [Bin](repeating: Bin(), count: calibrationBins)

    package init() {}

    /// Counts the prediction for a clip.
    ///
    /// - Parameters:
    ///   - truth: The clip's label.
    ///   - probabilities: Each in 0…1, sum 1; the argmax is the prediction.
    package mutating func add(truth: Emotion, probabilities: EmotionScores) {
        let answer = probabilities.argmax
        confusion[truth.index][answer.index] += 1
        let confidence = Double(probabilities[answer])
        // The last bin includes 1. NaN falls into the first bin instead of ending the program.
        let bin = confidence > 0 ? Int(min(confidence * Double(Self.calibrationBins), 9)) : 0
        bins[bin].clips += 1
        bins[bin].correct += answer == truth ? 1 : 0
        bins[bin].confidence += confidence
    }

    /// Counts a clip that was a voice's reference.
    package mutating func addReference() { enrolled += 1 }

    /// Counts a clip in which nobody speaks.
    package mutating func addSilent() { silent += 1 }

    /// Clips whose answers were counted.
    package var clips: Int { bins.reduce(0) { $0 + $1.clips } }

    /// The share of correct predictions, 0…1; NaN without a clip.
    package var accuracy: Double { Double(bins.reduce(0) { $0 + $1.correct }) / Double(clips) }

    /// The share of correct predictions among the clips of `label`, 0…1; nil where there is no such clip.
    package func recall(_ label: Emotion) -> Double? {
        let row = confusion[label.index]
        let count = row.reduce(0, +)
        return count == 0 ? nil : Double(row[label.index]) / Double(count)
    }

    /// The unweighted average recall: the mean over the labels that occur, 0…1; NaN without a clip.
    package var uar: Double {
        let recalls = Emotion.allCases.compactMap(recall)
        return recalls.reduce(0, +) / Double(recalls.count)
    }

    /// The expected calibration error, 0…1: the distance between a bin's accuracy and its mean greatest probability,
    /// averaged over ten equal bins and weighted by their clips; 0 without a clip.
    package var calibrationError: Double {
        bins.reduce(0) { $0 + abs(Double($1.correct) - $1.confidence) } / Double(max(clips, 1))
    }
}
