import ArgumentParser
import EmotionNetwork
import EmotionRecognition

struct Bench: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Time the network on this machine, stage by stage.",
        discussion: """
            Times one window of 3 s of a synthetic voice, from samples to scores, with 1 to all threads, in fp32 and
            int8; --threads and --precision choose one. The stages are those of the fastest run. The percentage is the
            share of the speed that the same kernels reach on data in the cache, measured in the same run. In fp32 it
            also times each product of the network alone, by our own kernels and by OpenBLAS where it is installed;
            --no-products leaves these out. Other programs that run at the same time make the times longer.
            """
    )

    @Option(help: ArgumentHelp("Windows to time, after two that are not timed.", valueName: "n"))
    var runs = 15

    @Flag(inversion: .prefixedNo, help: "Time the network's matrix products in fp32 with each back end.")
    var products = true

    @Flag(help: "Print JSON, one object a line.")
    var json = false

    @OptionGroup var model: ModelOptions
    @OptionGroup var settings: ConfigurationOption

    func validate() throws {
        guard (1...10_000).contains(runs) else {
            throw ValidationError("--runs \(runs) does not work: choose 1 to 10000.")
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
            guard products, precision == .fp32 else { continue }
            var options = model
            options.precision = .fp32
            options.threads = 1
            let benchmark = try ProductBenchmark.measure(try options.classifier().model)
            Console.print(json ? try benchmark.json() : benchmark.table)
        }
    }
}
