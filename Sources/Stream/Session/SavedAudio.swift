import EmotionCore
import EmotionFiles

/// How the saving of a session's sound fares. All counts are of frames.
package struct SavedAudio: Equatable, Sendable {
    /// A stretch of the stream that was read but not saved.
    package struct Gap: Equatable, Sendable {
        package var range: Range<Int>
        /// What was wrong, by the newest error.
        package var reason: String

        /// The note of the row about it.
        var note: String {
            "\(AudioFormat.seconds(range.count).fixed(2)) s of sound not saved: \(reason); silence in their place"
        }
    }

    /// Frames that were not saved so far.
    package private(set) var missingFrames = 0
    /// Why sound is not saved at this moment.
    package private(set) var trouble: String?
    /// The gaps behind which saving went on, oldest first.
    package private(set) var gaps: [Gap] = []

    private var open: Gap?

    package init() {}

    /// The sink refused the frames of `range`.
    mutating func refused(_ range: Range<Int>, _ error: FileError) {
        open = Gap(range: (open?.range.lowerBound ?? range.lowerBound)..<range.upperBound, reason: error.problem)
        missingFrames += range.count
        trouble = error.description
    }

    /// The sink took frames: the gap that ends before them, if one was open.
    mutating func accepted() -> Gap? {
        guard let gap = open else { return nil }
        open = nil
        trouble = nil
        gaps.append(gap)
        return gap
    }
}
