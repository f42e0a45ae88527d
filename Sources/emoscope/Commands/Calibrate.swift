import ArgumentParser
import EmotionCore
import EmotionFiles
import EmotionRecognition
import EmotionSoundFiles
import EmotionStream

struct Calibrate: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Learn a voice and how it sounds when it is neutral, and keep both as a profile.",
        discussion: """
            Read the text that is shown, in your ordinary voice, at the microphone and in the room that you will use. The \
            profile is a small file with numbers; the sound is not saved. The voice's normal is that of the four fifths of \
            the speech that sound most neutral. Use it with --profile NAME of watch, record, replay and predict.

            The profile identifies your voice, whatever you say, so that a session with --speakers can tell you from others. \
            Only you can read its file. Remove it with: emoscope profiles remove NAME
            """)

    /// Text without an emotion of its own.
    private static let text = """
        Please read this in your ordinary voice, again and again until enough was heard:

          The library opens at nine and closes at six. On the ground floor there are newspapers and maps,
          and the books on history are on the second. To borrow one, take it to the desk by the stairs
          with your card. It is due again after four weeks, and may be renewed by telephone.

        """

    @Argument(help: "Name of the profile and the speaker: at most \(SpeakerName.longest) letters, digits, - and _.")
    var name: String

    @Option(
        name: [.customShort("D"), .long],
        help: ArgumentHelp("\(Microphone.deviceHelp)", valueName: "name"))
    var device: String?

    @Option(
        help: ArgumentHelp(
            "Learn from a recording of ordinary speech instead of a microphone.", valueName: "file"),
        completion: .file())
    var from: String?

    @Option(
        help: ArgumentHelp(
            "Seconds of speech to hear, 3…600. Default: 20 of a microphone, all of a recording.", valueName: "seconds"))
    var seconds: Double?

    @Flag(help: "Replace a profile that exists.")
    var force = false

    @OptionGroup var model: ModelOptions
    @OptionGroup var settings: ConfigurationOption

    /// Seconds of speech that a microphone hears by default.
    private static let liveSeconds = 20.0

    func validate() throws {
        if let seconds, !(CalibrationCheck.leastSpeech...600).contains(seconds) {
            throw ValidationError("--seconds \(seconds) does not work: choose 3 to 600.")
        }
        guard from == nil || device == nil else {
            throw ValidationError("--device is a microphone and --from is a recording: give one of them.")
        }
    }

    func run() throws {
        try ProfileStore.checkSpeaker(name)
        let store = try ProfileStore()
        let existing = ExistingFilePolicy(force: force)
        try store.prepare(name, existing: existing)
        let recognizer = try model.classifier()
        let device = device ?? Microphone.standard
        let source = from.map(CalibrationCheck.Source.recording) ?? .microphone
        var calibration = try Calibration(recognizer, source)
        if let from {
            try read(from, &calibration)
        } else {
            try listen(device, seconds ?? Self.liveSeconds, &calibration)
        }
        let profile = try calibration.profile(name, source: from ?? device)
        try store.write(profile, existing: existing)
        Console.print(
            "\(name): \(profile.heardSeconds.fixed(1)) s of speech heard, the \(profile.seconds.fixed(1)) s that sound "
                + "most neutral kept; use it with --profile \(name)\n"
                + "The profile identifies your voice; remove it with: emoscope profiles remove \(name)")
    }

    /// Reads a recording, until enough speech was heard or it ends.
    private func read(_ path: String, _ calibration: inout Calibration) throws {
        let file = try AudioFile(path: path)
        while calibration.seconds < seconds ?? .infinity,
            case let samples = try file.read(upTo: AudioFormat.sampleRate), !samples.isEmpty
        {
            try calibration.add(samples)
        }
        if calibration.seconds < seconds ?? .infinity { try calibration.readRest() }
        if let lost = file.warnings.first(where: \.losesSound) {
            throw Failure(.runTime, "\(lost); no profile was made: give a recording that is whole")
        }
        for warning in file.warnings { Console.error("warning: \(warning)") }
    }

    /// Listens until enough speech was heard, or three times as long as that should take.
    private func listen(_ device: String, _ seconds: Double, _ calibration: inout Calibration) throws {
        let started = Clock.now
        _ = try Microphone.hear(device) {
            Console.note(Self.text)
        } progress: {
            "\(min(calibration.seconds, seconds).fixed(0)) of \(seconds.fixed(0)) s of speech"
        } take: { samples in
            try calibration.add(samples)
            return calibration.seconds >= seconds || Double(Clock.now - started) / 1e9 >= 3 * seconds + 5
        }
        guard calibration.seconds >= seconds || !Interrupt.isAsked else {
            throw Failure(.runTime, "ended before enough was heard; no profile was made")
        }
    }
}
