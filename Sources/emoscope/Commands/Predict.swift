import ArgumentParser
import EmotionCore
import EmotionFiles
import EmotionRecognition
import EmotionStream

struct Predict: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Predict the emotion of each recording, as a whole or in segments, or of a take of a microphone.",
        discussion: """
            A recording shorter than 3 s is repeated whole until it has 3 s, as the paper's authors do. Up to 13 s are
            read in one pass. A longer recording is read in consecutive windows of 13 s, whose logits are averaged by
            length. Several recordings are read at the same time, on all processors.

            No emotion is named where nobody speaks: a recording in which a session would hear no speech is "silence", without
            scores, a window of 13 s without speech is left out, and where less than three tenths of one are speech, its
            speech alone is read, with 0.15 s on either side. --no-vad reads every recording whole.

            What is wrong with a recording is a warning that says what was done: a file that breaks off or was never finished,
            samples that are no numbers or in the scale of integers, channels that cancel one another out. Where sound is
            missing, the exit code is 1.

            With --segments, each recording is played at full speed, as "emoscope replay --fast" plays it, one after
            another, and a line says from when until when, who speaks, and the label: an emotion, unsure, silence, overlap
            (two speakers at once) or unread (a window that could not be read). Each instant has the speaker and the label
            of the window of 3 s whose middle is nearest. The probability is the mean of the label's own, or of the
            greatest for unsure. --windows prints a row for each window instead, every half second (--hop).

            With --microphone, a microphone is heard once, and the line is about what was heard, as if it were a recording.
            """
    )

    @OptionGroup var input: InputOptions
    @OptionGroup var take: TakeOptions

    @Flag(help: "Print JSON, one object a line.")
    var json = false

    @Flag(help: "Print CSV. Needs --segments or --windows.")
    var csv = false

    @OptionGroup var dialect: CSVOptions

    @OptionGroup var segmentation: SegmentOptions

    @Option(
        help: ArgumentHelp(
            "whole: take what most of a recording's speech has in common as its voice's normal, for recordings of half a "
                + "minute or more. auto: with --segments, learn each voice's normal from the speech that is heard.",
            valueName: "none|auto|whole"))
    var baseline: BaselineChoice?

    @OptionGroup var profiles: ProfilesOption

    @OptionGroup var unsure: UnsureOptions
    @OptionGroup var voiceActivity: VoiceActivityOption
    @OptionGroup var model: ModelOptions
    @OptionGroup var settings: ConfigurationOption

    func validate() throws {
        if !take.microphone { try input.check(orElse: ", or give --microphone") }
        try profiles.check(besideBaseline: baseline != nil)
        try segmentation.check(baseline)
        guard !segmentation.playsRecordings || !voiceActivity.noVad else {
            throw ValidationError("--no-vad reads recordings as a whole: give it, or --segments or --windows.")
        }
        guard !csv || segmentation.playsRecordings else {
            throw ValidationError("--csv needs --segments or --windows.")
        }
        guard !csv || !json else { throw ValidationError("Give --csv or --json, not both.") }
        guard csv || dialect.csvDialect == .rfc4180 else { throw ValidationError("--csv-dialect needs --csv.") }
        try profiles.check(segmentation.count)
    }

    func run() throws {
        guard !take.microphone else { return try printTake() }
        let files = try input.paths()
        if baseline == .whole { try InputOptions.checkReadableTwice(files, "--baseline whole") }
        let recognizer = try model.classifier(usesVoiceActivity: !voiceActivity.noVad)
        if segmentation.playsRecordings {
            try printPieces(of: files, recognizer)
        } else {
            try printWhole(files, recognizer)
        }
    }

    /// Prints the segments or the windows of each recording.
    private func printPieces(of files: [String], _ recognizer: EmotionRecognizer) throws {
        let reader = try SegmentReader(
            recognizer, segmentation.settings(baseline, profiles, unsure, recognizer.model),
            minimum: segmentation.minimum, raw: input.raw)
        var failures = FailureCount()
        let writer = csv ? CSVWriter(dialect.csvDialect) : nil
        var hasPrinted = false
        if let writer {
            Console.write(segmentation.windows ? WindowReport.header(writer) : SegmentReport.header(writer))
        }
        for file in files {
            var found: [SoundWarning] = []
            failures.counting {
                let (text, warnings) =
                    try segmentation.windows ? windows(of: file, reader, writer) : segments(of: file, reader, writer)
                found = warnings
                Console.printText(json || csv || !hasPrinted ? text : "\n" + text)
                hasPrinted = true
            }
            failures.warn(found)
        }
        try failures.report(of: files.count)
    }

    /// The windows of a recording as JSON, CSV or a table.
    ///
    /// - Parameter writer: The writer of CSV; nil where that is not asked for.
    private func windows(
        of file: String, _ reader: SegmentReader, _ writer: CSVWriter?
    ) throws -> (text: String, warnings: [SoundWarning]) {
        let (rows, warnings) = try reader.windows(of: file)
        if json { return (WindowReport.json(file, rows), warnings) }
        return (writer.map { WindowReport.csv(file, rows, $0) } ?? WindowReport.table(file, rows) + "\n", warnings)
    }

    /// The segments of a recording, likewise.
    private func segments(
        of file: String, _ reader: SegmentReader, _ writer: CSVWriter?
    ) throws -> (text: String, warnings: [SoundWarning]) {
        let (segments, warnings) = try reader.segments(of: file)
        if json { return (try SegmentReport.json(file, segments, warnings) + "\n", warnings) }
        return (
            writer.map { SegmentReport.csv(file, segments, $0) } ?? SegmentReport.table(file, segments) + "\n", warnings
        )
    }

    /// Prints the emotion of each recording as a whole.
    private func printWhole(_ files: [String], _ recognizer: EmotionRecognizer) throws {
        var failures = FailureCount()
        func report(_ file: String, _ result: Result<RecognitionResult, RecognitionError>) {
            failures.counting {
                try show(result.get(), of: .file(file), by: recognizer)
            }
            if case .success(let clip) = result { failures.warn(clip.warnings) }
        }
        switch baseline ?? .none {
        case .none, .auto:
            recognizer.predict(files: files, baseline: try known(recognizer), raw: input.raw, receive: report)
        case .whole:
            for file in files {
                do {
                    let baseline = try recognizer.baselines(files: [file], mode: .mixed, raw: input.raw)[0]
                    recognizer.predict(files: [file], baseline: baseline, raw: input.raw, receive: report)
                } catch {
                    report(file, .failure(error))
                }
            }
        }
        try failures.report(of: files.count)
    }

    /// Hears a microphone, and prints the emotion of what was heard.
    private func printTake() throws {
        try take.check(input, segmentation, baseline)
        let recognizer = try model.classifier(usesVoiceActivity: !voiceActivity.noVad)
        let known = try known(recognizer)
        let heard = try take.take()
        let result = try recognizer.predict(samples: heard.samples, baseline: known)
        let warnings = heard.warnings + result.warnings.map(\.text)
        try show(result, of: .microphone(heard.device), warnings, by: recognizer)
        for warning in warnings { Console.error("warning: \(warning)") }
        if heard.losesSound { throw Failure(.runTime, "sound of the take is missing") }
    }

    /// The baseline of the profile that is given, if one is.
    private func known(_ recognizer: EmotionRecognizer) throws -> VoiceBaseline? {
        try profiles.names.first.map { try ProfileStore().baseline($0, for: recognizer.model) }
    }

    /// Prints a line about a recording or a take.
    ///
    /// - Parameter warnings: Those of a take; nil for those of the recording.
    private func show(
        _ clip: RecognitionResult, of source: Prediction.Source, _ warnings: [String]? = nil,
        by recognizer: EmotionRecognizer
    ) throws {
        let prediction = Prediction(
            source: source, clip: clip, unsureBelow: unsure.threshold(recognizer.model),
            baseline: profiles.names.first ?? (baseline ?? .none).rawValue,
            warnings: warnings ?? clip.warnings.map(\.text))
        Console.print(json ? try JSONText.line(prediction) : prediction.line)
    }
}
