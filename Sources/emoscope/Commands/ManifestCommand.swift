import ArgumentParser
import EmotionEvaluation
import EmotionFiles

extension CorpusKind: ExpressibleByArgument {}

struct ManifestCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "manifest", abstract: "List a corpus's labelled clips as a CSV, for \"emoscope evaluate\".",
        discussion: """
            KIND is \(CorpusKind.allCases.map { "\($0.rawValue)" }.joined(separator: ", ")). The labels come from the \
            names of the recordings (IEMOCAP: from dialog/EmoEvaluation, excited counted as happy); columns \
            path,speaker,emotion,corpus. Clips that are not angry, happy, neutral or sad are left out, and so are songs, \
            sound tracks of videos and second copies; standard error says how many.

            A path is relative to the folder of OUT.csv (without one, to this folder) where the corpus lies beneath it, else \
            absolute. A recording that is not named as the corpus names its own is said on standard error; the \
            manifest is written without it and the exit code is 1.
            """
    )

    @Argument(help: "Which corpus.")
    var kind: CorpusKind

    @Argument(help: "The folder that it is in, at any depth.")
    var dir: String

    @Option(
        name: [.short, .long],
        help: ArgumentHelp("Write the manifest there, not to standard output.", valueName: "out.csv"))
    var output: String?

    @Flag(help: "Replace a file that exists.")
    var force = false

    func run() throws {
        let listing = try kind.list(dir)
        let base = try Paths.folder(of: output ?? "./")
        let corpus = try Paths.canonical(dir)
        let clips = listing.clips.map { clip in
            var clip = clip
            clip.path = Paths.relative(corpus + "/" + clip.path, to: base)
            return clip
        }
        let text = Manifest.text(clips)
        if let output {
            try AtomicFile.write(Array(text.utf8), to: output, existing: force ? .replaced : .refused)
        } else {
            Console.write(text)
        }
        let speakers = Set(clips.map(\.speaker)).count
        Console.note(
            "\(kind.title): \(clips.count) clips of \(speakers) speakers"
                + (listing.leftOut.isEmpty ? "" : "; left out \(counted(listing.leftOut))"))
        // A folder of another kind may lie beneath: thousands of lines would say no more than a few.
        listing.problems.prefix(10).forEach(Console.error)
        guard listing.problems.isEmpty else {
            throw Failure(.runTime, "\(listing.problems.count) recordings are not in the manifest")
        }
    }
}
