import EmotionCapture
import EmotionSoundFiles

/// The error of a session that cannot begin or continue: what was tried on what, what is wrong, and what would work.
public struct LiveError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The kind of thing that failed.
    public enum Kind: Equatable, Sendable {
        /// A microphone cannot be opened, or was disconnected.
        case device
        /// A recording cannot be opened, or cannot be read to its end.
        case recording
        /// The weights cannot be read, or name no emotion.
        case weights
        /// A setting is out of its range.
        case settings
    }

    public let kind: Kind
    /// The message, in one line.
    public let description: String

    init(_ kind: Kind, _ description: String) {
        self.kind = kind
        self.description = description
    }

    /// Wraps the error of a source, in the words of the module that found it; nil for another error.
    init?(source error: any Error) {
        switch error {
        case let error as CaptureError:
            self.init(error.subject == .device ? .device : .recording, error.description)
        case let error as SoundFileError: self.init(.recording, error.description)
        default: return nil
        }
    }
}
