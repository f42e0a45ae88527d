import EmotionCapture
import EmotionEvaluation
import EmotionFiles
import EmotionNetwork
import EmotionRecognition
import EmotionSoundFiles
import EmotionStream

/// The end of a command that failed: its line for standard error and its exit code.
struct Failure: Error {
    /// The exit codes that `emoscope --help` and the README document.
    enum Kind: Int32 {
        case runTime = 1
        case usage = 2
        case device = 3
        case weights = 4
        case output = 5
    }

    let kind: Kind
    let message: String

    init(_ kind: Kind, _ message: String) {
        self.kind = kind
        self.message = message
    }

    /// Wraps any error of the modules, with the exit code of its kind.
    init(_ error: any Error) {
        switch error {
        case let failure as Failure: self = failure
        case let error as CaptureError: self.init(Self.kind(of: error.subject), error.description)
        case let error as SoundFileError: self.init(.runTime, error.description)
        case let error as WeightsError: self.init(error.kind == .unwritable ? .output : .weights, error.description)
        case let error as RecognitionError: self.init(error.kind == .weights ? .weights : .runTime, error.description)
        case let error as EvaluationError: self.init(.runTime, error.description)
        case let error as FileError: self.init(.output, error.description)
        default: self.init(.runTime, String(describing: error))
        }
    }

    private static func kind(of subject: CaptureError.Subject) -> Kind {
        switch subject {
        case .device: .device
        case .recording: .runTime
        }
    }
}
