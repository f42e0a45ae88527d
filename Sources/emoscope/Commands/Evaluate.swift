import ArgumentParser
import EmotionEvaluation
import EmotionRecognition

struct Evaluate: ParsableCommand {
    /// How much of a clip the network reads.
    enum Window: String, CaseIterable, ExpressibleByArgument {
        case middle, whole
    }

    static let configuration = CommandConfiguration(
        abstract: "Measure the network on labelled recordings.",
        discussion: """
            MANIFEST is a CSV with the columns path, speaker, emotion and corpus (others may stand beside them), or a folder \
            that holds such a file as manifest.csv; "emoscope manifest" makes one. A path is relative to the manifest's folder \
            or to the parent of that. A row whose path is a folder stands for that folder's manifest.csv. Clips that \
            are not angry, happy, neutral or sad are left out.

            Metrics, of all clips, by corpus and by speaker: unweighted average recall (UAR, the mean over the emotions that \
            occur), accuracy, recall by emotion, expected calibration error (ten equal bins of the greatest \
            probability), confusion matrix (rows the truth, columns the answer). Speakers that the weights \
            were trained on tell nothing: choose those that they were not, with --only-speakers.

            --noise, --band and --gain, in that order, change what the network reads of each clip, to measure how robust it is. \
            Noise is drawn by the clip's place in the manifest, so a measurement can be repeated.

            A clip that cannot be read is named, the figures are of the others, and the exit code is 1.
            """
    )

    @Argument(help: "The manifest, or a folder with manifest.csv.")
    var manifest: String

    @Option(
        help: ArgumentHelp(
            "middle: one window of 3 s a clip, the middle one, a shorter clip repeated whole; whole: as \"emoscope predict\".",
            valueName: "middle|whole"))
    var window = Window.middle

    @Option(help: ArgumentHelp("Only these corpora.", valueName: "name,…"))
    var corpus: [String] = []

    @Option(help: ArgumentHelp("Only these speakers.", valueName: "name,…"))
    var onlySpeakers: [String] = []

    /// The former name of --only-speakers: taken so that it can be answered.
    @Option(help: .hidden)
    var speakers: [String] = []

    @OptionGroup(title: "Conditions") var conditions: ConditionOptions

    @Flag(help: "One JSON object.")
    var json = false

    @Flag(name: [.short, .long], help: "No progress.")
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

    /// The clips that the filters leave, each with its place in the manifest.
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
