import ArgumentParser
import EmotionCore

/// A take of a microphone, instead of recordings.
struct TakeOptions: ParsableArguments {
    /// The seconds of a take: those of the authors' example.
    private static let standardSeconds = 5.0
    private static let secondsRange = 1.0...600

    @Flag(help: "Hear a microphone instead of recordings, once. Ctrl-C ends sooner. The sound is not saved.")
    var microphone = false

    @Option(
        name: [.customShort("D"), .long],
        help: ArgumentHelp(
            "Capture device, by its name in \"emoscope devices\" (default: \(Microphone.standard)). Needs --microphone.",
            valueName: "name"))
    var device: String?

    @Option(
        help: ArgumentHelp(
            "Seconds to hear, \(Int(secondsRange.lowerBound))…\(Int(secondsRange.upperBound)) (default: "
                + "\(Int(standardSeconds))). Needs --microphone.", valueName: "seconds"))
    var seconds: Double?

    func validate() throws {
        let given = [("--device", device != nil), ("--seconds", seconds != nil)]
        if !microphone, let name = given.first(where: { $0.1 })?.0 {
            throw ValidationError("\(name) needs --microphone: without it, recordings are read.")
        }
        guard Self.secondsRange.contains(seconds ?? Self.standardSeconds) else {
            throw ValidationError(
                "--seconds \(seconds ?? 0) does not work: choose \(Int(Self.secondsRange.lowerBound)) to "
                    + "\(Int(Self.secondsRange.upperBound)).")
        }
    }

    /// Checks that nothing is asked for that only recordings have. This is no part of the validation, which would take the
    /// value of an unknown flag for a recording before the flag is found to be unknown.
    func check(_ input: InputOptions, _ segmentation: SegmentOptions, _ baseline: BaselineChoice?) throws {
        guard !input.namesAny, input.raw == nil else {
            throw ValidationError("--microphone hears a microphone, and recordings are named: give one of them.")
        }
        guard !segmentation.playsRecordings else {
            throw ValidationError(
                "\(segmentation.segments ? "--segments" : "--windows") is for recordings: save a take with \"emoscope record talk.csv --save-audio talk.wav\" first."
            )
        }
        guard baseline != .whole else {
            throw ValidationError(
                "--baseline whole needs a recording of half a minute or more: leave it out, or give --profile.")
        }
    }

    /// Hears the microphone.
    ///
    /// - Throws: A `CaptureError` of the microphone, or a `Failure` where it was ended before anything was heard.
    func take() throws -> MicrophoneTake {
        try MicrophoneTake(device ?? Microphone.standard, seconds: seconds ?? Self.standardSeconds)
    }
}
