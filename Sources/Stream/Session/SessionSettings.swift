import EmotionCore

/// The settings of a session.
public struct SessionSettings: Equatable, Sendable {
    /// Seconds in a window; the network was trained on 3.
    public static let window = 3.0
    /// The hops that a session accepts, in seconds: from 50 ms to a whole window.
    package static let hopRange = 0.05...window
    /// The time constants of the smoothing that a session accepts, in seconds; 0 switches it off.
    package static let smoothingRange = 0.0...60

    /// Seconds between the starts of two windows, above 0 and at most a window.
    public var hop = 0.5
    /// Time constant of the smoothing in seconds; 0 for none.
    public var smoothing = 0.5
    /// Probability (0…1) from which a chunk of the voice activity detector counts as speech.
    public var speechThreshold: Float = 0.5
    /// Share of speech (0…1) below which a window counts as silence.
    public var minimumSpeech = 0.1
    /// Share of speech (0…1) in a window's newest second below which the window counts as silence. A pause therefore
    /// clears the emotion shown, although the window still holds earlier words.
    public var minimumRecentSpeech = 0.1
    /// The samples that the network reads of a partly silent window.
    public var silence = SilenceTreatment.keep
    /// Probability (0…1) below which no emotion is named; 0 always names one.
    public var unsureBelow = 0.0
    /// Where the baseline of each voice comes from.
    public var baseline = BaselineMode.none
    /// How many voices share a channel.
    public var speakers = SpeakerCount.exactly(1)
    /// The speakers whose voices are known beforehand; none where a channel has one voice, whose `baseline` is all that
    /// is known of it.
    package var known: [KnownSpeaker] = []
    /// How far a baseline moves the network's logits; the weights say.
    package var correction = BaselineCorrection.standard
    /// Whether the stream keeps the pace of a clock. Windows are then dropped where inference falls behind; otherwise
    /// the stream waits, and every window is read.
    public var isPaced = true

    public init() {}

    /// Whether `window` holds enough speech for the network; otherwise it is silence.
    func isSpeech(_ window: Window) -> Bool {
        window.speech > 0 && window.speech >= Float(minimumSpeech) && window.recentSpeech >= Float(minimumRecentSpeech)
    }
}
