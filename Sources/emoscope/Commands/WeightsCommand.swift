import ArgumentParser

struct WeightsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "weights", abstract: "Bring checkpoints in, look into weights, check them.",
        subcommands: [WeightsImport.self, WeightsInfo.self, WeightsVerify.self])
}
