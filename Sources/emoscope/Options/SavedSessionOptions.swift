import ArgumentParser
import EmotionStream

/// A session of a log, and the rule by which it is cut into segments.
struct SavedSessionOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Which session of a log that was appended to, from 1; \"export\" needs it where there are several.",
            valueName: "number"))
    var session: Int?

    @Option(
        help: ArgumentHelp(
            "Least length of a segment, 0…\(Int(Segmenter.minimumRange.upperBound)): a shorter one is given to a neighbour, "
                + "as in \"predict --segments\".",
            valueName: "seconds"))
    var minSegment = Segmenter.standardMinimum

    func validate() throws {
        try SegmentOptions.check(minimum: minSegment)
    }
}
