import ArgumentParser
import EmotionFiles
import EmotionRecognition

struct Embed: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Write the utterance representation of each recording, a row a file.",
        discussion: """
            The mean over frames of the fused sequence: what the paper offers for other tasks. OUT.npy is a NumPy array of
            float32, one row a file in the order given; OUT.csv has a column for the file's name before the numbers.
            Recordings beyond 13 s: the mean over consecutive windows, as in "emoscope predict".
            """
    )

    @Argument(help: "Recordings.")
    var files: [String]

    @Option(name: [.short, .long], help: ArgumentHelp("The .npy or .csv to write.", valueName: "out.npy"))
    var output: String

    @Flag(help: "Replace a file that exists.")
    var force = false

    @OptionGroup var model: ModelOptions

    func validate() throws {
        guard output.hasSuffix(".npy") || output.hasSuffix(".csv") else {
            throw ValidationError("--output \"\(output)\" should end in .npy or .csv.")
        }
    }

    func run() throws {
        let recognizer = try model.recognizer(auto: .fp32)
        // A row that is missing would shift all after it: one file that fails fails the command.
        var rows: [[Float]] = []
        try recognizer.representations(files: files) { file, representation in
            rows.append(try representation.get())
            if files.count > 1, Console.errorIsTerminal { Console.status("\(rows.count) of \(files.count) \(file)") }
        }
        if files.count > 1, Console.errorIsTerminal { Console.status("") }
        let content = output.hasSuffix(".npy") ? NPYFormat.encode(rows) : Self.csv(files, rows)
        try AtomicFile.write(content, to: output, existing: force ? .replaced : .refused)
    }

    private static func csv(_ files: [String], _ rows: [[Float]]) -> [UInt8] {
        let header = ["file"] + (rows.first ?? []).indices.map { "e\($0)" }
        let records = zip(files, rows).map { file, row in [CSVWriter.formulaSafeCell(file)] + row.map { "\($0)" } }
        return Array(([header] + records).map(CSVWriter.record).joined().utf8)
    }
}
