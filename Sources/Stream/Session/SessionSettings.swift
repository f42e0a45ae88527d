import EmotionCore

/// What a session listens for and how.
public struct SessionSettings: Equatable, Sendable {
    /// Seconds in a window; the network was trained on 3.
    public static let window = 3.0
    /// Seconds between the starts of two windows that a session accepts: from 50 ms to a whole window.
    package static let hopRange = 0.05...window
    /// Time constants of the smoothing, in seconds, that a session accepts; 0 is no smoothing.
    package static let smoothingRange = 0.0...60

    /// Seconds between the starts of two windows, above 0 and at most a window.
    public var hop = 0.5
    /// Time constant of the smoothing in seconds; 0 for none.
    public var smoothing = 0.5
    /// Probability (0…1) from which the voice activity detector's chunk counts as speech.
    public var speechThreshold: Float = 0.5
    /// Share of a window (0…1) that must be speech, or the window is silence.
    public var minimumSpeech = 0.1
    /// Share of a window's newest second (0…1) that must be speech, or the window is silence: a pause ends the emotion that is
    /// shown, although the window still holds the words before it.
    public var minimumRecentSpeech = 0.1
    /// What the network gets of a window that is partly silent.
    public var silence = SilenceTreatment.keep
    /// Probability (0…1) below which the likeliest emotion is not named; 0 for never.
    public var unsureBelow = 0.0
    /// Where the baseline of each voice comes from.
    public var baseline = BaselineMode.none
    /// How far a baseline moves the network's logits; the weights say.
    package var correction = BaselineCorrection.standard
    /// Whether the stream keeps the pace of a clock: then inference that falls behind skips windows. Otherwise
    /// the stream waits and every window is read.
    public var isPaced = true

    public init() {}

    /// Whether the network is to read `window`, or it is silence.
    func isSpeech(_ window: Window) -> Bool {
        window.speech > 0 && window.speech >= Float(minimumSpeech) && window.recentSpeech >= Float(minimumRecentSpeech)
    }
}
