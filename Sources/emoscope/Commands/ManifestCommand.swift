import ArgumentParser
import EmotionEvaluation
import EmotionFiles

extension CorpusKind: ExpressibleByArgument {}

struct ManifestCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "manifest", abstract: "Write the labelled clips of a corpus as a CSV for \"emoscope evaluate\".",
        discussion: """
            KIND is \(CorpusKind.allCases.map { "\($0.rawValue)" }.joined(separator: ", ")). The labels come from the \
            names of the recordings (IEMOCAP: from dialog/EmoEvaluation, with excited as happy). The columns are \
            path,speaker,emotion,corpus. Clips that are not angry, happy, neutral or sad are left out, and so are songs, \
            sound tracks of videos and second copies; their number is printed to standard error.

            A path is relative to the folder of OUT.csv, or to the current folder without --output, if the corpus lies \
            beneath it; otherwise it is absolute. A recording whose name does not follow the corpus's scheme is reported \
            on standard error and left out, and the exit code is 1.
            """
    )

    @Argument(help: "The corpus.")
    var kind: CorpusKind

    @Argument(help: "The folder that holds the corpus, at any depth.", completion: .directory)
    var dir: String

    @Option(
        name: [.short, .long],
        help: ArgumentHelp(
            "Write the manifest to this file instead of standard output, which - is too.", valueName: "out.csv"),
        completion: .file())
    var output: String?

    @Flag(help: "Replace a file that exists.")
    var force = false

    @OptionGroup var csv: CSVOptions
    @OptionGroup var settings: ConfigurationOption

    func run() throws {
        let file = output == "-" ? nil : output
        let listing = try kind.list(dir)
        let base = try Paths.folder(of: file ?? "./")
        let corpus = try Paths.canonical(dir)
        let clips = listing.clips.map { clip in
            var clip = clip
            clip.path = Paths.relative(corpus + "/" + clip.path, to: base)
            return clip
        }
        let text = Manifest.text(clips, csv.csvDialect)
        if let file {
            try AtomicFile.write(Array(text.utf8), to: file, existing: ExistingFilePolicy(force: force))
        } else {
            Console.write(text)
        }
        let speakers = Set(clips.map(\.speaker)).count
        Console.note(
            "\(kind.title): \(clips.count) clips of \(speakers) speakers"
                + (listing.leftOut.isEmpty ? "" : "; left out \(counted(listing.leftOut))"))
        // A folder beneath may hold another corpus, and thousands of lines would say no more than ten.
        listing.problems.prefix(10).forEach(Console.error)
        guard listing.problems.isEmpty else {
            throw Failure(.runTime, "\(listing.problems.count) recordings are not in the manifest")
        }
    }
}
