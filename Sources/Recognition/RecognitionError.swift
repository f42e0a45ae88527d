import EmotionNetwork
import EmotionSoundFiles

/// An error of weights, a recording or samples: what was tried on what, what is wrong, and what would work.
public struct RecognitionError: Error, Equatable, Sendable {
    /// The subject of an error.
    public enum Kind: Equatable, Sendable {
        /// The weights: not found, not readable, of another network, or without the head that a prediction needs.
        case weights
        /// A recording: not found, not readable, or without sound.
        case recording
        /// The samples given: none, not finite, or of a rate out of range.
        case samples
    }

    public let kind: Kind
    /// The message, one line, such as `cannot open "talk.wav": there is no such file; check the path`.
    public let problem: String

    package init(_ kind: Kind, _ problem: String) {
        self.kind = kind
        self.problem = problem
    }

    /// Converts an error of the modules below, with its message.
    init(_ error: any Error) {
        switch error {
        case let error as RecognitionError: self = error
        case let error as WeightsError: self.init(.weights, error.description)
        case let error as SoundFileError: self.init(.recording, error.description)
        case let error as InferenceError: self.init(error == .noHead ? .weights : .samples, error.description)
        default: self.init(.recording, String(describing: error))
        }
    }

    /// The error of a recording without a sample.
    package static func noSound(in path: String) -> RecognitionError {
        RecognitionError(.recording, "\"\(path)\" holds no sound; give a recording that does")
    }
}

extension RecognitionError: CustomStringConvertible {
    public var description: String { problem }
}
