import EmotionCore
import EmotionSoundFiles

/// The error of a sound source that cannot be started or read: what was tried on which source, what is wrong, and what
/// would work.
public struct CaptureError: Error, Equatable, Sendable {
    /// The kind of source that failed.
    public enum Subject: Equatable, Sendable {
        /// A microphone or another ALSA device.
        case device
        /// A recording that is played in place of a microphone.
        case recording
    }

    /// The kind of source that failed.
    public let subject: Subject
    /// The device's name or the recording's path.
    public let name: String
    /// The verb of what was tried: "open", "start", "go on reading".
    public let attempt: String
    /// What is wrong, with alsa-lib's own message where it helps.
    public let problem: String
    /// What would work; nil if nothing is known to.
    public let advice: String?

    /// Creates an error.
    public init(
        _ subject: Subject, _ name: String, cannot attempt: String, because problem: String, advice: String? = nil
    ) {
        self.subject = subject
        self.name = name
        self.attempt = attempt
        self.problem = problem
        self.advice = advice
    }
}

extension CaptureError: CustomStringConvertible {
    /// One line, such as `cannot open "hw:CARD=Mic": another program is using it; close that program`.
    public var description: String {
        printable("cannot \(attempt) \"\(name)\": \(problem)" + (advice.map { "; \($0)" } ?? ""))
    }
}
