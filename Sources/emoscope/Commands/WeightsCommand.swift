import ArgumentParser

struct WeightsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "weights", abstract: "Import checkpoints, describe weights, verify weights.",
        subcommands: [WeightsImport.self, WeightsInfo.self, WeightsVerify.self])
}
