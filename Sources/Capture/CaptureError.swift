import EmotionCore

/// Says what was tried on what, what is wrong with it and, where known, what would work.
public struct CaptureError: Error, Equatable, Sendable {
    /// What kind of thing refused: the executable chooses its exit code by it.
    public enum Subject: Equatable, Sendable {
        /// A microphone or another ALSA device.
        case device
        /// A recording to be read.
        case inputFile
    }

    public let subject: Subject
    /// The device's name or the file's path.
    public let name: String
    /// The verb: "open", "read", "write".
    public let attempt: String
    /// What is wrong, in words, with the library's own words where they help.
    public let problem: String
    /// What would work; nil when there is nothing better to say.
    public let advice: String?

    public init(
        _ subject: Subject, _ name: String, cannot attempt: String, because problem: String, advice: String? = nil
    ) {
        self.subject = subject
        self.name = name
        self.attempt = attempt
        self.problem = problem
        self.advice = advice
    }

    /// A source whose channels cannot be told apart, since it has no two.
    init(_ subject: Subject, _ name: String, tooFewChannels channels: Int) {
        self.init(
            subject, name, cannot: "split", because: "it has \(channels) channel, and two speakers need 2",
            advice: "leave --split-channels out, or name a "
                + (subject == .device ? "device with two (`emoscope devices` lists what there is)" : "stereo recording")
        )
    }
}

extension CaptureError: CustomStringConvertible {
    /// One line, such as `cannot open "hw:CARD=Mic": another program is using it; close that program`.
    public var description: String {
        let advice = self.advice.map { "; \($0)" } ?? ""
        return "cannot \(attempt) \"\(printable(name))\": \(printable(problem))\(printable(advice))"
    }
}
