import EmotionCapture
import EmotionCore
import EmotionStream

/// The sound that was heard once of a microphone.
struct MicrophoneTake {
    /// The ALSA name of the microphone.
    let device: String
    /// 16 kHz, full scale ±1.
    let samples: [Float]
    /// What was wrong with the sound, and what to do about it.
    let warnings: [String]
    /// Whether some of the sound was lost.
    let losesSound: Bool

    /// Hears a microphone for some seconds, or until somebody asks for the end.
    init(_ device: String, seconds: Double) throws {
        let length = AudioFormat.samples(seconds)
        var heard: [Float] = []
        heard.reserveCapacity(length)
        let status = try Microphone.hear(device) {
            Console.note("speak now: \"\(printable(device))\" is heard for \(seconds.fixed(1)) s; Ctrl-C ends sooner")
        } progress: {
            "\(AudioFormat.seconds(heard.count).fixed(1)) of \(seconds.fixed(1)) s"
        } take: { samples in
            heard += samples.prefix(length - heard.count)
            return heard.count == length
        }
        guard !heard.isEmpty else { throw Failure(.runTime, "ended before anything was heard") }
        self.device = device
        samples = heard
        let lost = status.samplesLostToOverruns + status.samplesRefused
        losesSound = lost > 0
        warnings = Self.warnings(heard, lost: lost)
    }

    private static func warnings(_ samples: [Float], lost: Int) -> [String] {
        var warnings: [String] = []
        if lost > 0 {
            warnings.append(
                "\(AudioFormat.seconds(lost).fixed(2)) s of the sound were lost, because this machine was too busy: try again"
            )
        }
        let peak = Level.decibels(samples.reduce(0) { max($0, abs($1)) })
        if peak <= InputTrouble.zero {
            warnings.append("no sound at all: is the microphone muted? (alsamixer, F4; emoscope doctor)")
        } else if peak >= InputTrouble.fullScale {
            warnings.append(InputTrouble.clipping.advice)
        }
        return warnings
    }
}
