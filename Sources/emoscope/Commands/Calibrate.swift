import ArgumentParser
import EmotionCapture
import EmotionCore
import EmotionFiles
import EmotionRecognition
import EmotionSoundFiles
import EmotionStream

struct Calibrate: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Learn how a voice sounds when it is neutral, and keep it as a profile.",
        discussion: """
            Read the text that is shown, in your ordinary voice, at the microphone and in the room that you will use. The \
            profile is a small file with numbers; the sound is not saved. It is of the four fifths of the speech that sound \
            most neutral. Use it with --profile NAME of watch, record, replay and predict.
            """)

    /// Text without an emotion of its own.
    private static let text = """
        Please read this in your ordinary voice, again and again until enough was heard:

          The library opens at nine and closes at six. On the ground floor there are newspapers and maps,
          and the books on history are on the second. To borrow one, take it to the desk by the stairs
          with your card. It is due again after four weeks, and may be renewed by telephone.

        """

    @Argument(help: "Name of the profile: letters, digits, - and _.")
    var name: String

    @Option(
        name: [.customShort("D"), .long],
        help: ArgumentHelp(
            "Capture device, by its name in \"emoscope devices\". Default: default. Not with --from.", valueName: "name"
        ))
    var device: String?

    @Option(
        help: ArgumentHelp(
            "Learn from a recording of ordinary speech instead of a microphone.", valueName: "file"))
    var from: String?

    @Option(
        help: ArgumentHelp(
            "Seconds of speech to hear, 3…600. Default: 20 of a microphone, all of a recording.", valueName: "seconds"))
    var seconds: Double?

    @Flag(help: "Replace a profile that exists.")
    var force = false

    @OptionGroup var model: ModelOptions

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
        try ProfileStore.check(name)
        let store = try ProfileStore()
        let existing: ExistingFilePolicy = force ? .replaced : .refused
        try store.prepare(name, existing: existing)
        let recognizer = try model.classifier()
        let learner = try BaselineLearner(recognizer)
        let device = device ?? "default"
        var check = CalibrationCheck(from.map(CalibrationCheck.Source.recording) ?? .microphone)
        if let from {
            try read(from, learner, &check)
        } else {
            try listen(device, seconds ?? Self.liveSeconds, learner, &check)
        }
        let baseline = try check.baseline(learner, recognizer.model.configuration.correction)
        let profile = VoiceProfile(
            name, baseline, heard: learner.seconds, representation: learner.representation, source: from ?? device,
            model: recognizer.model)
        try store.write(profile, existing: existing)
        Console.print(
            "\(name): \(profile.heardSeconds.fixed(1)) s of speech heard, the \(profile.seconds.fixed(1)) s that sound "
                + "most neutral kept; use it with --profile \(name)")
    }

    /// Reads a recording, until enough speech was heard or it ends.
    private func read(_ path: String, _ learner: BaselineLearner, _ check: inout CalibrationCheck) throws {
        let file = try AudioFile(path: path)
        while learner.seconds < seconds ?? .infinity,
            case let samples = try file.read(upTo: AudioFormat.sampleRate), !samples.isEmpty
        {
            check.add(samples)
            try learner.add(samples)
        }
        if learner.seconds < seconds ?? .infinity { try learner.finish() }
    }

    /// Listens until enough speech was heard, or three times as long as that should take.
    private func listen(
        _ device: String, _ seconds: Double, _ learner: BaselineLearner, _ check: inout CalibrationCheck
    ) throws {
        Interrupt.install()
        let ring = SampleRing(minimumCapacity: 10 * AudioFormat.sampleRate)
        let source = ALSASource(device: device)
        try unsafe source.start { samples in unsafe ring.write(samples) }
        defer {
            source.stop()
            if Console.errorIsTerminal { Console.status("") }
        }
        Console.note(Self.text)
        var buffer = [Float](repeating: 0, count: AudioFormat.sampleRate)
        let started = Clock.now
        while learner.seconds < seconds, Double(Clock.now - started) / 1e9 < 3 * seconds + 5 {
            guard !Interrupt.isAsked else {
                throw Failure(.runTime, "ended before enough was heard; no profile was made")
            }
            if case .lost(let error) = source.status.state { throw error }
            Clock.sleep(milliseconds: 50)
            let count = unsafe buffer.withUnsafeMutableBufferPointer { unsafe ring.read(into: $0) }
            let samples = Array(buffer[..<count])
            check.add(samples)
            try learner.add(samples)
            if Console.errorIsTerminal, count > 0 {
                let level = Double(Level.dbfs(samples)).fixed(0)
                Console.status(
                    "level \(level) dBFS · \(min(learner.seconds, seconds).fixed(0)) of \(seconds.fixed(0)) s of speech"
                )
            }
        }
    }
}
