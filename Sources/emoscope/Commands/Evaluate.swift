import ArgumentParser
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

            A clip that cannot be read is reported and left out of the metrics, and the exit code is 1.
            """
    )

    @Argument(help: "The manifest, or a folder with manifest.csv.")
    var manifest: String

    @Option(
        help: ArgumentHelp(
            "middle: the middle 3 s of each clip, a shorter clip repeated whole; whole: as \"emoscope predict\".",
            valueName: "middle|whole"))
    var window = Window.middle

    @Option(help: ArgumentHelp("Only these corpora.", valueName: "name,…"))
    var corpus: [String] = []

    @Option(help: ArgumentHelp("Only these speakers.", valueName: "name,…"))
    var onlySpeakers: [String] = []

    /// The former name of --only-speakers, kept to name the new one in the error.
    @Option(help: .hidden)
    var speakers: [String] = []

    @OptionGroup(title: "Conditions") var conditions: ConditionOptions

    @Flag(help: "Print one JSON object.")
    var json = false

    @Flag(name: [.short, .long], help: "Print no progress.")
    var quiet = false

    @OptionGroup var model: ModelOptions

    func validate() throws {
        guard speakers.isEmpty else {
            throw ValidationError(
                "--speakers is now --only-speakers; give --only-speakers \(speakers.joined(separator: ","))")
        }
    }

    func run() throws {
        let manifest = try Manifest(path: manifest)
        if !manifest.leftOut.isEmpty { Console.note("left out \(counted(manifest.leftOut))") }
        let clips = try select(from: manifest)
        let recognizer = try model.classifier(auto: .fp32)
        let reader = EvaluationReader(window: window, conditions: try Conditions(conditions))
        var metrics = GroupedMetrics()
        var failures = FailureCount()
        var bar = ProgressBar(isQuiet: quiet)
        var done = 0
        recognizer.read(
            clips, pieces: { clip, take in try reader.pieces(of: clip.1.path, place: clip.0, take) }
        ) { clip, result in
            bar.show(done, of: clips.count, clip.1.speaker)
            done += 1
            if case .failure = result { bar.clear() }
            failures.counting {
                metrics.add(clip.1, probabilities: try EvaluationReader.probabilities(of: result.get(), clip.1.path))
            }
        }
        bar.clear()
        if metrics.all.clips > 0 {
            let what = window == .middle ? "one window of 3 s a clip, the middle one" : "clips whole"
            Console.print(
                json
                    ? try EvaluationReport.json(metrics)
                    : EvaluationReport.text(
                        metrics, heading: "\(recognizer.weightsPath): \(what)\(reader.conditions.summary)"))
        }
        try failures.report(of: clips.count)
    }

    /// The clips that pass the filters, each with its index in the manifest.
    private func select(from manifest: Manifest) throws(Failure) -> [(Int, LabelledClip)] {
        let corpora = try names(corpus, option: "--corpus", among: Set(manifest.clips.map(\.corpus)))
        let voices = try names(onlySpeakers, option: "--only-speakers", among: Set(manifest.clips.map(\.speaker)))
        let clips = manifest.clips.enumerated().map { ($0.offset, $0.element) }.filter { _, clip in
            corpora?.contains(clip.corpus) ?? true && voices?.contains(clip.speaker) ?? true
        }
        guard !clips.isEmpty else { throw Failure(.usage, "--corpus and --only-speakers together leave no clip") }
        return clips
    }

    /// The names that an option lists; nil for all.
    private func names(_ lists: [String], option: String, among known: Set<String>) throws(Failure) -> Set<String>? {
        let names = Set(lists.flatMap { $0.split(separator: ",").map(String.init) })
        if let unknown = names.subtracting(known).min() {
            let some = known.sorted().prefix(20).joined(separator: ", ") + (known.count > 20 ? ", …" : "")
            throw Failure(.usage, "\(option): the manifest has no \"\(unknown)\"; it has \(some)")
        }
        return lists.isEmpty ? nil : names
    }
}
