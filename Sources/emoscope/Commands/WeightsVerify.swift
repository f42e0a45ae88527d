import ArgumentParser
import EmotionNetwork

struct WeightsVerify: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify", abstract: "Verify the checksum of weights and the shape of each tensor.")

    @OptionGroup var weights: WeightsArgument

    func run() throws {
        let path = try weights.path()
        let description = try WeightsDescription.verify(path: path)
        Console.print(
            "\(path): verified; sha256 \(description.sha256), \(description.tensorCount) tensors of the right shapes")
    }
}
