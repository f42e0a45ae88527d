import ArgumentParser
import EmotionNetwork
import EmotionRecognition

struct Bench: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Time the network on this machine, stage by stage.",
        discussion: """
            One window of 3 s of a synthetic voice, from samples to scores, on 1 to all threads, in fp32 and int8;
            --threads and --precision keep to one. The share is that of what the same kernels reach on this processor,
            measured at the same time, on numbers that need not come from memory. Times are those of the run with the
            least in all; other programs that run meanwhile lengthen them.
            """
    )

    @Option(help: ArgumentHelp("Windows to time, after two to warm up.", valueName: "n"))
    var runs = 15

    @Flag(help: "One JSON object a line.")
    var json = false

    @OptionGroup var model: ModelOptions

    func validate() throws {
        guard (1...10_000).contains(runs) else {
            throw ValidationError("--runs \(runs): give a number from 1 to 10000")
        }
    }

    func run() throws {
        let precisions: [PrecisionChoice] = model.precision == .auto ? [.fp32, .int8] : [model.precision]
        let threads = model.threads.map { $0...$0 } ?? 1...EmotionModel.processors
        for precision in precisions {
            for threads in threads {
                var options = model
                options.precision = precision
                options.threads = threads
                let benchmark = try WindowBenchmark.measure(try options.classifier().model, runs: runs)
                Console.print(json ? try benchmark.json() : benchmark.table)
            }
        }
    }
}
