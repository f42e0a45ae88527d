import EmotionNetwork
import EmotionSoundFiles

/// Says why weights cannot be used or a recording cannot be read: what was tried on what, what is wrong, what would work.
public struct RecognitionError: Error, Equatable, Sendable {
    /// What an error is about.
    public enum Kind: Equatable, Sendable {
        /// The weights: not found, not readable, of another network, or without what was asked of them.
        case weights
        /// A recording: not found, not readable, or without sound.
        case recording
        /// Samples that were given: none, of a rate that is not converted, or not finite.
        case samples
    }

    public let kind: Kind
    /// One line for a person, such as `cannot open "talk.wav": there is no such file; check the path`.
    public let problem: String

    package init(_ kind: Kind, _ problem: String) {
        self.kind = kind
        self.problem = problem
    }

    /// An error of the modules below, in their words.
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
