import ArgumentParser
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
            """
    )

    @Argument(help: "Recordings.")
    var files: [String]

    @Option(name: [.short, .long], help: ArgumentHelp("The .npy or .csv file to write.", valueName: "out.npy"))
    var output: String

    @Flag(help: "Replace a file that exists.")
    var force = false

    @OptionGroup var model: ModelOptions

    func validate() throws {
        guard output.hasSuffix(".npy") || output.hasSuffix(".csv") else {
            throw ValidationError("--output \"\(output)\" must end in .npy or .csv.")
        }
    }

    func run() throws {
        let recognizer = try model.recognizer(auto: .fp32)
        // A missing row would shift all rows after it, so a file that fails ends the command.
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
