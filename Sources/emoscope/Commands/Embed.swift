import ArgumentParser
import EmotionCore
import EmotionFiles
import EmotionRecognition

struct Embed: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Write the representation of each recording, one row a file.",
        discussion: """
            The representation is the mean over frames of the fused sequence, which the paper offers for other tasks.
            OUT.npy is a NumPy array of float32 with one row a file, in the order given; OUT.csv has the file's name in a
            column before the numbers. A recording longer than 13 s is read in consecutive windows of 13 s, whose
            representations are averaged by length.

            A recording in which nobody speaks has a row all the same, so that rows and files stay in step: of NaN in OUT.npy,
            of empty cells in OUT.csv. Its name is printed. Where a recording is mostly pause, only its speech is read.
            --no-vad reads every recording whole. Warnings and exit codes are those of "emoscope predict".
            """
    )

    @OptionGroup var input: InputOptions

    @Option(
        name: [.short, .long],
        help: ArgumentHelp("The .npy or .csv file to write; - is CSV on standard output.", valueName: "out.npy"),
        completion: .file())
    var output: String

    @Flag(help: "Replace a file that exists.")
    var force = false

    @OptionGroup var csv: CSVOptions
    @OptionGroup var voiceActivity: VoiceActivityOption
    @OptionGroup var model: ModelOptions
    @OptionGroup var settings: ConfigurationOption

    func validate() throws {
        try input.check()
        guard output.hasSuffix(".npy") || output.hasSuffix(".csv") || output == "-" else {
            throw ValidationError("--output \"\(output)\" must end in .npy or .csv, or be -.")
        }
    }

    func run() throws {
        let files = try input.paths()
        try OwnInput.keep(files, from: [output == "-" ? nil : output])
        let recognizer = try model.recognizer(auto: .fp32, usesVoiceActivity: !voiceActivity.noVad)
        // A missing row would shift all rows after it, so a file that fails ends the command.
        var rows: [[Float]?] = []
        var failures = FailureCount()
        try recognizer.representations(files: files, raw: input.raw) { file, result in
            let representation = try result.get()
            rows.append(representation.vector)
            if files.count > 1, Console.errorIsTerminal { Console.status("") }
            failures.warn(representation.warnings)
            if representation.vector == nil {
                Console.error("\"\(printable(file))\" is silence: its row holds no numbers")
            }
            if files.count > 1, Console.errorIsTerminal { Console.status("\(rows.count) of \(files.count) \(file)") }
        }
        if files.count > 1, Console.errorIsTerminal { Console.status("") }
        let width = recognizer.representationWidth
        let content =
            output.hasSuffix(".npy")
            ? NPYFormat.encode(rows.map { $0 ?? [Float](repeating: .nan, count: width) })
            : table(files, rows, width: width)
        if output == "-" {
            Console.write(String(decoding: content, as: UTF8.self))
        } else {
            try AtomicFile.write(content, to: output, existing: ExistingFilePolicy(force: force))
        }
        try failures.report(of: files.count)
    }

    private func table(_ files: [String], _ rows: [[Float]?], width: Int) -> [UInt8] {
        let writer = CSVWriter(csv.csvDialect)
        let header = ["file"] + (0..<width).map { "e\($0)" }
        let records = zip(files, rows).map { file, row in
            [CSVWriter.formulaSafeCell(FileName.unicode(file))]
                + (row?.map { writer.number($0) } ?? [String](repeating: "", count: width))
        }
        return Array((writer.header(header) + records.map(writer.record).joined()).utf8)
    }
}
