import ArgumentParser
import EmotionStream

extension SilenceTreatment: ExpressibleByArgument {}

/// How a stream is cut, gated and smoothed.
struct ListeningOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Seconds between two windows of 3 s.", valueName: "seconds"))
    var hop = SessionSettings().hop

    @Option(help: ArgumentHelp("Time constant of the smoothing; 0 for none.", valueName: "seconds"))
    var smooth = SessionSettings().smoothing

    @Option(help: ArgumentHelp("Voice activity, 0…1, from which sound counts as speech.", valueName: "probability"))
    var vadThreshold = Double(SessionSettings().speechThreshold)

    @Option(help: ArgumentHelp("Share of a window that must be speech, or it is silence.", valueName: "share"))
    var minSpeech = SessionSettings().minimumSpeech

    @Option(
        help: ArgumentHelp(
            "Share of a window's newest second that must be speech, or it is silence; 0 looks at the whole window alone.",
            valueName: "share"))
    var minRecentSpeech = SessionSettings().minimumRecentSpeech

    @Option(help: "What the network gets of a window that is partly silent: keep, all of it; cut, its speech alone.")
    var silence = SessionSettings().silence

    @Flag(help: "Hear the two channels of a stereo device or file apart: two speakers, with rows of their own.")
    var splitChannels = false

    func validate() throws {
        guard (0.05...SessionSettings.window).contains(hop) else {
            throw ValidationError("--hop \(hop) does not work: choose 0.05 to \(SessionSettings.window) seconds.")
        }
        guard (0...60).contains(smooth) else {
            throw ValidationError("--smooth \(smooth) does not work: choose 0 to 60 seconds.")
        }
        let shares = [
            ("--vad-threshold", vadThreshold), ("--min-speech", minSpeech), ("--min-recent-speech", minRecentSpeech),
        ]
        for (flag, share) in shares where !(0...1).contains(share) {
            throw ValidationError("\(flag) \(share) does not work: choose 0 to 1.")
        }
    }

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
