import EmotionCore
import EmotionEvaluation
import EmotionStream

/// What is known of a labelled clip's voice when its emotion is read.
enum ClipBaseline: Equatable {
    /// Nothing.
    case none
    /// The voice's first neutral clips, so many or fewer, which are left out of the metrics.
    case enrolled(clips: Int)
    /// What a live session learns from the voice's clips before it.
    case session

    /// The metrics of clips.
    ///
    /// - Parameter readings: In the order of the manifest.
    func metrics(of readings: [ClipReading], _ correction: BaselineCorrection) -> GroupedMetrics {
        var metrics = GroupedMetrics()
        switch self {
        case .none:
            for reading in readings { metrics.add(reading.clip, probabilities: reading.logits.softmax) }
        case .enrolled(let clips):
            let enrolment = Enrolment(readings, clips: clips)
            for (index, reading) in readings.enumerated() {
                guard !enrolment.references.contains(index) else {
                    metrics.addReference(reading.clip)
                    continue
                }
                let corrected = correction.apply(to: reading.logits, enrolment.baseline(of: reading.clip))
                metrics.add(reading.clip, probabilities: corrected.softmax)
            }
        case .session:
            var trackers: [Voice: BaselineTracker] = [:]
            for reading in readings {
                let probabilities = trackers[
                    Voice(of: reading.clip), default: BaselineTracker(.automatic, correction, channel: 0)
                ].read(reading.logits, seconds: reading.seconds)
                metrics.add(reading.clip, probabilities: probabilities)
            }
        }
        return metrics
    }

    /// For the heading of a report; empty without a baseline.
    var summary: String {
        switch self {
        case .none: ""
        case .enrolled(1): "; the first neutral clip of each speaker is the voice's reference"
        case .enrolled(let clips): "; the first \(clips) neutral clips of each speaker are the voice's reference"
        case .session: "; the clips of each speaker are one session"
        }
    }
}
