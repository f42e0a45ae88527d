import ArgumentParser
import EmotionStream

extension SilenceTreatment: ExpressibleByArgument {}

/// The options of windows, voice activity and smoothing.
struct ListeningOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Time from one window of 3 s to the next.", valueName: "seconds"))
    var hop = SessionSettings().hop

    @Option(help: ArgumentHelp("Time constant of the smoothing; 0 turns it off.", valueName: "seconds"))
    var smooth = SessionSettings().smoothing

    @Option(
        help: ArgumentHelp("Least probability of voice activity, 0…1, that counts as speech.", valueName: "probability")
    )
    var vadThreshold = Double(SessionSettings().speechThreshold)

    @Option(
        help: ArgumentHelp("Least share of speech in a window, 0…1; a window with less is silence.", valueName: "share")
    )
    var minSpeech = SessionSettings().minimumSpeech

    @Option(
        help: ArgumentHelp(
            "Least share of speech in a window's newest second, 0…1; a window with less is silence. 0 turns this check off.",
            valueName: "share"))
    var minRecentSpeech = SessionSettings().minimumRecentSpeech

    @Option(help: "What the network reads of a window that is partly silent: keep, all of it; cut, the speech only.")
    var silence = SessionSettings().silence

    @Flag(
        help: "Analyse the two channels of a stereo device or file separately: two speakers, each with rows of its own."
    )
    var splitChannels = false

    func validate() throws {
        try Self.check(hop: hop)
        guard SessionSettings.smoothingRange.contains(smooth) else {
            throw ValidationError("--smooth \(smooth) does not work: choose 0 to 60 seconds.")
        }
        let shares = [
            ("--vad-threshold", vadThreshold), ("--min-speech", minSpeech), ("--min-recent-speech", minRecentSpeech),
        ]
        for (flag, share) in shares where !(0...1).contains(share) {
            throw ValidationError("\(flag) \(share) does not work: choose 0 to 1.")
        }
    }

    /// Checks the time from one window to the next.
    static func check(hop: Double) throws {
        guard SessionSettings.hopRange.contains(hop) else {
            throw ValidationError("--hop \(hop) does not work: choose 0.05 to \(SessionSettings.window) seconds.")
        }
    }

    /// The settings of the session.
    ///
    /// - Parameter paced: Whether the sound arrives in real time.
    func settings(paced: Bool) -> SessionSettings {
        var settings = SessionSettings()
        settings.hop = hop
        settings.smoothing = smooth
        settings.speechThreshold = Float(vadThreshold)
        settings.minimumSpeech = minSpeech
        settings.minimumRecentSpeech = minRecentSpeech
        settings.silence = silence
        settings.isPaced = paced
        return settings
    }
}
