import ArgumentParser
import EmotionCore
import EmotionNetwork
import EmotionRecognition
import EmotionStream

/// The weights that a command reads: those named, or the shipped ones.
struct WeightsArgument: ParsableArguments {
    @Argument(help: "Weights: a file, or a name as for --weights. Default: the shipped weights.", completion: .file())
    var file: String?

    func path() throws -> String { try ShippedFiles.weights(file) }
}

struct WeightsInfo: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "info", abstract: "Describe weights: architecture, parts, provenance, licence, checksum.")

    @OptionGroup var weights: WeightsArgument

    func run() throws {
        Self.lines(try WeightsDescription(path: weights.path())).forEach(Console.print)
    }

    static func lines(_ weights: WeightsDescription) -> [String] {
        let types = weights.elementTypes.sorted { $0.key < $1.key }.map { "\(count($0.value)) \($0.key)" }
        var lines = [
            row("file", "\(weights.path), \(megabytes(weights.byteCount))"),
            row("architecture", WeightsDescription.architecture),
            row("encoder", "\(weights.encoder), \(tap(weights)), \(weights.encoderHeads) heads"),
            row("head", head(weights)),
        ]
        if weights.hasHead { lines.append(row("labels", weights.labels.joined(separator: ", "))) }
        if weights.unsure > 0 { lines.append(row("unsure", "below a probability of \(weights.unsure.fixed(2))")) }
        lines += [
            row("front end", frontEnd(weights)),
            row("parameters", "\(count(weights.parameterCount)) (\(types.joined(separator: ", ")))"),
        ]
        lines += weights.parts.map { row("  " + $0.name, "\(count($0.parameters)) in \($0.tensors) tensors") }
        return lines + [
            row("provenance", weights.provenance), row("licence", weights.licence), row("sha256", weights.sha256),
        ]
    }

    private static func tap(_ weights: WeightsDescription) -> String {
        var pool = weights.tapPool > 1 ? ", averaged over \(weights.tapPool) frames" : ""
        if weights.tapPool > 1 && weights.tapPoolAfter < weights.tap { pool += " after block \(weights.tapPoolAfter)" }
        guard !weights.tapMix.isEmpty else { return "tapped after block \(weights.tap)" + pool }
        return "a mix of blocks " + weights.tapMix.map(String.init).joined(separator: ", ") + pool
    }

    private static func head(_ weights: WeightsDescription) -> String {
        guard let heads = weights.crossHeads else { return "none: fit for \"embed\" and training" }
        return "\(heads) heads of cross-attention"
    }

    private static func frontEnd(_ weights: WeightsDescription) -> String {
        let wave = weights.encoder == "whisper" ? "log-mel, 80 bands" : "normalised wave"
        let pool = weights.mfccPool > 1 ? ", averaged over \(weights.mfccPool)" : ""
        let level = weights.levelDBFS.map { "; clips brought to \($0.fixed(1)) dBFS" } ?? ""
        return "\(wave); 40 MFCC a frame of 10 ms\(pool)\(level)" + (weights.hasTapNorm ? "; LayerNorm on the tap" : "")
    }

    private static func row(_ name: String, _ value: String) -> String { SummaryText.padded(name, 20) + value }

    private static func count(_ number: Int) -> String {
        switch number {
        case 1_000_000...: (Double(number) / 1e6).fixed(2) + " M"
        case 1000...: (Double(number) / 1e3).fixed(0) + " k"
        default: "\(number)"
        }
    }

    private static func megabytes(_ bytes: Int) -> String { (Double(bytes) / 1e6).fixed(1) + " MB" }
}
