import ArgumentParser
import EmotionCore
import EmotionEvaluation
import EmotionRecognition

struct Evaluate: ParsableCommand {
    /// The part of a clip that the network reads.
    enum Window: String, CaseIterable, ExpressibleByArgument {
        case middle, whole
    }

    static let configuration = CommandConfiguration(
        abstract: "Measure the network on labelled recordings.",
        discussion: """
            MANIFEST is a CSV with the columns path, speaker, emotion and corpus, or a folder that holds such a file as \
            manifest.csv; "emoscope manifest" makes one. Other columns are ignored. A path is relative to the manifest's \
            folder or to its parent. A row whose path is a folder includes that folder's manifest.csv. Clips that are not \
            angry, happy, neutral or sad are left out.

            Prints metrics of all clips, by corpus and by speaker: unweighted average recall (UAR, the mean over the \
            emotions that occur), accuracy, recall by emotion, expected calibration error (ten equal bins of the greatest \
            probability) and the confusion matrix (rows: the label, columns: the prediction). Results on speakers that the \
            weights were trained on mean nothing: choose other speakers with --only-speakers.

            --noise, --band and --gain change each clip, in this order, before the network reads it, to measure \
            robustness. The noise depends on the clip's place in the manifest, so that a measurement can be repeated.

            --enrol and --baseline tell the network how each voice sounds when it is neutral. --enrol K takes the first K \
            neutral clips of each speaker, in the manifest's order, as the voice's reference; they are counted as \
            "enrolled" and left out of the metrics. --baseline session reads the clips of each speaker as a live session.

            --ordinary MANIFEST measures speech that nobody acted, without labels: the shares of its windows (3 s, every \
            second) that read as each emotion, as unsure and as silence (less than 10 % speech), by corpus. --corpus, \
            --reference and --unsure go with it.

            --turns FOLDER measures who speaks when, as --speakers of a session tells it: the diarization error rate by \
            NIST's definition, with a collar of 0.25 s and without, overlapped speech left out and counted; how soon a new \
            speaker is known, and wrong switches a minute. With --hypothesis FOLDER, the rates of another program's turns.

            A clip that cannot be read, or of which sound is missing, is reported and left out of the metrics, and the exit \
            code is 1. A clip in which nobody speaks is left out too, and counted as "silent"; where one is mostly pause, \
            only its speech is read. --no-vad reads every clip whole.
            """
    )

    @Argument(
        help: "The manifest of labelled clips, or a folder with manifest.csv. Not with --ordinary or --turns.",
        completion: .file())
    var manifest: String?

    @Option(
        help: ArgumentHelp(
            "middle: the middle 3 s of each clip, a shorter clip repeated whole; whole: as \"emoscope predict\" "
                + "(default: middle).",
            valueName: "middle|whole"))
    var window: Window?

    @Option(help: ArgumentHelp("Only these corpora.", valueName: "name,…"))
    var corpus: [String] = []

    @Option(help: ArgumentHelp("Only these speakers.", valueName: "name,…"))
    var onlySpeakers: [String] = []

    @OptionGroup(title: "Baseline of each voice") var baseline: ClipBaselineOptions

    @OptionGroup(title: "Ordinary speech") var ordinary: OrdinaryOptions

    @OptionGroup(title: "Who speaks when") var turns: TurnOptions

    @OptionGroup(title: "Conditions") var conditions: ConditionOptions

    @Flag(help: "Print one JSON object.")
    var json = false

    @Flag(name: [.short, .long], help: "Print no progress.")
    var quiet = false

    @OptionGroup var voiceActivity: VoiceActivityOption
    @OptionGroup var model: ModelOptions
    @OptionGroup var settings: ConfigurationOption

    func validate() throws {
        let given = [
            manifest.map { "labelled clips (\($0))" }, ordinary.ordinary.map { "--ordinary \($0)" },
            turns.turns.map { "--turns \($0)" },
        ].compactMap(\.self)
        guard let first = given.first else {
            throw ValidationError(
                "There is nothing to measure: give a manifest of labelled clips, --ordinary with a manifest of "
                    + "ordinary speech, or --turns with a folder of RTTM files.")
        }
        guard given.count == 1 else {
            throw ValidationError(
                "Both \(first) and \(given[1]) are given: measure one of them at a time.")
        }
        guard manifest == nil, let option = labelledOption else { return }
        throw ValidationError(
            ordinary.ordinary == nil
                ? "\(option) does not go with --turns, which reads recordings as they are: leave it out."
                : "\(option) does not go with --ordinary, which has neither labels nor speakers and reads recordings as "
                    + "they are: leave it out.")
    }

    /// An option that was given and is about labelled clips only.
    private var labelledOption: String? {
        let given = [
            ("--window", window != nil), ("--only-speakers", !onlySpeakers.isEmpty), ("--enrol", baseline.enrol > 0),
            ("--baseline", baseline.baseline != .none), ("--noise", conditions.noise != nil),
            ("--snr", conditions.snr != nil), ("--band", conditions.band != nil), ("--gain", conditions.gain != nil),
            ("--no-vad", voiceActivity.noVad),
        ]
        return given.first { $0.1 }?.0
    }

    func run() throws {
        var failures = FailureCount()
        var count = 0
        let report: String?
        if let truth = turns.turns {
            report =
                try turns.hypothesis.map { try measureTurns(truth, $0) } ?? measureSpeakers(truth, &count, &failures)
        } else if let ordinary = ordinary.ordinary {
            report = try measureOrdinary(ordinary, &count, &failures)
        } else {
            report = try measureLabelled(manifest ?? "", &count, &failures)
        }
        if let report { Console.print(report) }
        try failures.report(of: count)
    }

    /// The report on a manifest of labelled clips; nil where none could be read.
    private func measureLabelled(_ path: String, _ count: inout Int, _ failures: inout FailureCount) throws -> String? {
        let manifest = try Manifest(path: path)
        if !manifest.leftOut.isEmpty { Console.note("left out \(counted(manifest.leftOut))") }
        let corpora = try NameFilter(corpus, option: "--corpus", among: Set(manifest.clips.map(\.corpus)))
        let voices = try NameFilter(
            onlySpeakers, option: "--only-speakers", among: Set(manifest.clips.map(\.speaker)))
        // Each with its index in the manifest, which decides on its noise.
        let clips = manifest.clips.enumerated().map { ($0.offset, $0.element) }.filter { _, clip in
            corpora.contains(clip.corpus) && voices.contains(clip.speaker)
        }
        guard !clips.isEmpty else { throw Failure(.usage, "--corpus and --only-speakers together leave no clip") }
        count = clips.count
        let evaluation = LabelledEvaluation(
            recognizer: try model.classifier(auto: .fp32, usesVoiceActivity: !voiceActivity.noVad),
            reader: EvaluationReader(window: window ?? .middle, conditions: try Conditions(conditions)),
            baseline: baseline.chosen, isQuiet: quiet)
        return try evaluation.report(clips, asJSON: json, &failures)
    }

    /// The report on a folder of recordings with true turns; nil where none could be read.
    private func measureSpeakers(_ folder: String, _ count: inout Int, _ failures: inout FailureCount) throws -> String?
    {
        var evaluation = TurnEvaluation(turns.speakers ?? .automatic, isQuiet: quiet)
        try evaluation.measure(folder, &count, &failures)
        guard evaluation.timing.recordings > 0 else { return nil }
        return json
            ? try DiarizationReport.json(evaluation.scores, evaluation.timing)
            : DiarizationReport.text(evaluation.scores, evaluation.timing)
    }

    /// The report on a folder of true turns and one of turns that were found.
    private func measureTurns(_ truth: String, _ hypothesis: String) throws -> String {
        let (reference, found) = (try TurnFolder(path: truth), try TurnFolder(path: hypothesis))
        var scores = DiarizationScores()
        for (name, turns) in reference.recordings.sorted(by: { $0.key < $1.key }) {
            if found.recordings[name] == nil {
                Console.note("\(printable(hypothesis)) names no turn of \(printable(name)): all its speech is missed")
            }
            scores.add(name, reference: turns, hypothesis: found.recordings[name] ?? [])
        }
        for name in found.recordings.keys.sorted() where reference.recordings[name] == nil {
            Console.note("\(printable(truth)) names no turn of \(printable(name)): it is left out")
        }
        return json ? try DiarizationReport.json(scores) : DiarizationReport.text(scores)
    }

    /// The report on a manifest of ordinary speech; nil where no recording could be read.
    private func measureOrdinary(_ path: String, _ count: inout Int, _ failures: inout FailureCount) throws -> String? {
        let manifest = try OrdinaryManifest(path: path)
        let corpora = try NameFilter(corpus, option: "--corpus", among: Set(manifest.recordings.map(\.corpus)))
        let recordings = manifest.recordings.filter { corpora.contains($0.corpus) }
        count = recordings.count
        let recognizer = try model.classifier(auto: .fp32)
        let evaluation = OrdinarySpeechEvaluation(
            recognizer: recognizer, reference: ordinary.reference ?? 0,
            threshold: ordinary.unsure.threshold(recognizer.model), isQuiet: quiet)
        return try evaluation.report(recordings, asJSON: json, &failures)
    }
}
