import ArgumentParser
import EmotionFiles
import EmotionNetwork
import EmotionStream
import EmotionWeightsImport

struct WeightsImport: ParsableCommand {
    /// Heads of the cross-attention in the authors' runs.
    enum Heads: Int, ExpressibleByArgument {
        case four = 4
        case eight = 8
    }

    static let configuration = CommandConfiguration(
        commandName: "import", abstract: "Convert a checkpoint to emoscope's weights.",
        discussion: """
            Reads the authors' caser.pt (plain, or under model_state_dict or best_chkpt) and a bare Hugging Face
            wav2vec2-base, as .pt or .bin (PyTorch's zip form; tensors and containers only, nothing in it is run) or
            .safetensors. An encoder without a head is fit for "embed" and for training.
            """
    )

    @Argument(help: "The checkpoint.")
    var input: String

    @Option(name: [.short, .long], help: ArgumentHelp("The weights to write.", valueName: "out.safetensors"))
    var output: String

    @Option(
        help: ArgumentHelp(
            "Heads of the cross-attention, 8 or 4, which a checkpoint does not tell: 8 in the published package, 4 in "
                + "the authors' cross-validation.", valueName: "8|4"))
    var heads = Heads.eight

    @Option(help: ArgumentHelp("Transformer layer whose output is the representation.", valueName: "layer"))
    var tap = WeightsImporter.Options().tap

    @Option(
        help: ArgumentHelp("Attention heads of an encoder that is not wav2vec 2.0 base, which has 12.", valueName: "n"))
    var encoderHeads: Int?

    @Option(help: ArgumentHelp("What may be done with the weights, for their metadata.", valueName: "text"))
    var licence: String?

    @Flag(help: "Replace a file that exists.")
    var force = false

    func run() throws {
        let existing: ExistingFilePolicy = force ? .replaced : .refused
        // Before minutes of work: can it be written at all?
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
