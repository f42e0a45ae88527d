import EmotionCore

/// What a session knows of how the voice on a channel sounds when it is neutral.
public enum BaselineState: Equatable, Hashable, Sendable {
    /// Nothing: windows are read as the network says.
    case none
    /// The session learns it and has heard less than 20 s of speech.
    case learning(seconds: Double)
    /// The session has learned it, and goes on learning.
    case automatic
    /// The user took the last 20 s of speech as this voice's normal.
    case session
    /// It was computed from the whole recording beforehand.
    case recording
    /// It comes from a stored profile, by its name.
    case profile(String)

    /// The word in the log's column `baseline`.
    public var word: String {
        switch self {
        case .none: "none"
        case .learning: "learning"
        case .automatic: "auto"
        case .session: "session"
        case .recording: "whole"
        case .profile(let name): name
        }
    }

    /// The state that a word of the log stands for; how many seconds were learned of one that is learning, the log does not
    /// say, and they are 0.
    init(word: String) {
        let states: [BaselineState] = [.none, .learning(seconds: 0), .automatic, .session, .recording]
        self = states.first { $0.word == word } ?? .profile(word)
    }

    /// A few words for a person.
    package var text: String {
        switch self {
        case .none: "none"
        case .learning(let seconds): "learning \(seconds.fixed(0)) of \(BaselineTracker.learned.fixed(0)) s"
        case .automatic: "learned"
        case .session: "this session"
        case .recording: "whole recording"
        case .profile(let name): name
        }
    }
}

/// Where a session's baseline comes from at the start of each source.
public enum BaselineMode: Equatable, Sendable {
    /// There is none until the user takes one.
    case none
    /// The session learns it from the speech that it hears.
    case automatic
    /// It is known beforehand, for the channels in their order. There is none of a channel beyond the last.
    case given([GivenBaseline])
}

/// A baseline that a session knows beforehand.
public struct GivenBaseline: Equatable, Sendable {
    public let baseline: VoiceBaseline
    /// Where it comes from.
    public let state: BaselineState

    public init(_ baseline: VoiceBaseline, _ state: BaselineState) {
        (self.baseline, self.state) = (baseline, state)
    }
}
