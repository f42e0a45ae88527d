import EmotionCore
import EmotionFiles

/// The state of the sound that a session saves. All counts are of frames.
package struct SavedAudio: Equatable, Sendable {
    /// A stretch of the stream that was read but not saved.
    package struct Gap: Equatable, Sendable {
        package var range: Range<Int>
        /// The newest error of the gap, in words.
        package var reason: String

        /// The note of the row about the gap.
        var note: String {
            "\(AudioFormat.seconds(range.count).fixed(2)) s of sound not saved: \(reason); silence in their place"
        }
    }

    /// Frames not saved so far.
    package private(set) var missingFrames = 0
    /// Why sound is not saved at this moment; nil while it is saved.
    package private(set) var trouble: String?
    /// The gaps that have ended, oldest first.
    package private(set) var gaps: [Gap] = []

    private var open: Gap?

    package init() {}

    /// Adds frames that the sink refused.
    mutating func refused(_ range: Range<Int>, _ error: FileError) {
        open = Gap(range: (open?.range.lowerBound ?? range.lowerBound)..<range.upperBound, reason: error.problem)
        missingFrames += range.count
        trouble = error.description
    }

    /// Ends the open gap, because the sink took frames, and returns it; nil where none was open.
    mutating func accepted() -> Gap? {
        guard let gap = open else { return nil }
        open = nil
        trouble = nil
        gaps.append(gap)
        return gap
    }
}
