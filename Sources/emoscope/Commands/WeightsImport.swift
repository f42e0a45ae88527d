import ArgumentParser
import EmotionFiles
import EmotionNetwork
import EmotionStream
import EmotionWeightsImport

struct WeightsImport: ParsableCommand {
    /// The number of heads of the cross-attention, as in the authors' runs.
    enum Heads: Int, ExpressibleByArgument {
        case four = 4
        case eight = 8
    }

    static let configuration = CommandConfiguration(
        commandName: "import", abstract: "Convert a checkpoint to emoscope's weights.",
        discussion: """
            Reads the authors' caser.pt (the state dictionary itself, or under model_state_dict or best_chkpt) and a plain
            Hugging Face wav2vec2-base, as .safetensors, or as .pt or .bin in PyTorch's zip format. Only tensors and
            containers are read; no code in a checkpoint runs. An encoder without a head works for "embed" and training.
            """
    )

    @Argument(help: "The checkpoint.", completion: .file())
    var input: String

    @Option(
        name: [.short, .long], help: ArgumentHelp("The file to write.", valueName: "out.safetensors"),
        completion: .file())
    var output: String

    @Option(
        help: ArgumentHelp(
            "Heads of the cross-attention, which a checkpoint does not record: 8 in the published package, 4 in the "
                + "authors' cross-validation.", valueName: "8|4"))
    var heads = Heads.eight

    @Option(help: ArgumentHelp("Transformer layer whose output is the representation.", valueName: "layer"))
    var tap = WeightsImporter.Options().tap

    @Option(
        help: ArgumentHelp(
            "Attention heads of the encoder; 12 for wav2vec 2.0 base, which is the default.", valueName: "n"))
    var encoderHeads: Int?

    @Option(help: ArgumentHelp("Licence of the weights, for their metadata.", valueName: "text"))
    var licence: String?

    @Flag(help: "Replace a file that exists.")
    var force = false

    @OptionGroup var settings: ConfigurationOption

    func run() throws {
        let existing = ExistingFilePolicy(force: force)
        // Fails early if the file cannot be written, because the import takes minutes.
        _ = try AtomicFile(output, existing: existing)
        var options = WeightsImporter.Options()
        options.crossHeads = heads.rawValue
        options.tap = tap
        options.encoderHeads = encoderHeads
        options.licence = licence
        let showsProgress = Console.errorIsTerminal
        let report = try WeightsImporter.importCheckpoint(
            at: input, to: output, existing: existing, options: options
        ) { share in
            if showsProgress { Console.status("importing \(SummaryText.percent(share))") }
        }
        if showsProgress { Console.status("") }
        Console.print(
            "\(input): \(report.form); left out \(report.dropped.count) tensors that the network does not need")
        WeightsInfo.lines(report.written).forEach(Console.print)
    }
}
