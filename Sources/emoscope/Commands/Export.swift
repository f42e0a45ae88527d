import ArgumentParser
import EmotionCore
import EmotionFiles
import EmotionReport

extension ExportFormat: ExpressibleByArgument {}

struct Export: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Write the segments and markers of a log in the format of another program.",
        discussion: """
            textgrid: Praat. eaf: ELAN. audacity: labels of Audacity. srt, vtt: subtitles. jsonl: JSON, an object a line. \
            rttm: turns of speakers. segments: CSV.

            The segments are those of "emoscope predict --segments": each instant has the speaker and the label of the \
            window of 3 s whose middle is nearest, silence is apart, and no two segments of a tier overlap. Times are those \
            of the session, in seconds from its beginning.
            """
    )

    @Argument(help: ArgumentHelp("The log.", valueName: "session.csv"), completion: .file())
    var log: String

    @Option(help: ArgumentHelp("The format.", valueName: ExportFormat.allCases.map(\.rawValue).joined(separator: "|")))
    var to: ExportFormat

    @OptionGroup var saved: SavedSessionOptions

    @Option(
        name: [.short, .long],
        help: ArgumentHelp("Write to this file instead of standard output, which - is too.", valueName: "file"),
        completion: .file())
    var output: String?

    @Flag(help: "Replace a file that exists.")
    var force = false

    @OptionGroup var csv: CSVOptions
    @OptionGroup var settings: ConfigurationOption

    func validate() throws {
        guard to == .segments || csv.csvDialect == .rfc4180 else {
            throw ValidationError("--csv-dialect is for --to segments; \(to.rawValue) is no CSV.")
        }
    }

    func run() throws {
        let log = try SavedLog(log)
        let session = try log.session(saved.session)
        let output = output == "-" ? nil : output
        let files = SessionFiles(session, of: log.path)
        files.report()
        try OwnInput.keep([log.path, files.descriptionPath] + [files.sound].compactMap(\.self), from: [output])
        let sound = files.sound.flatMap {
            try? Paths.relative($0, toFolderOf: output ?? ".")
        }
        let context = ExportFormat.Context(
            name: log.name(of: session), date: session.began.iso8601, sound: sound, dialect: csv.csvDialect)
        let text: String
        do throws(ExportRefusal) {
            text = try to.encode(Annotations(session, minimum: saved.minSegment), context)
        } catch {
            throw Failure(.runTime, "cannot export \"\(printable(log.path))\" as \(to.rawValue): \(error)")
        }
        if let output {
            try AtomicFile.write(Array(text.utf8), to: output, existing: ExistingFilePolicy(force: force))
        } else {
            Console.printText(text)
        }
    }
}
