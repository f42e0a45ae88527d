import Foundation
import Testing

@testable import EmotionNetwork
@testable import EmotionWeightsImport

private let parityFolder = ProcessInfo.processInfo.environment["EMOSCOPE_PARITY"]

/// Compares full-size networks with PyTorch's activations, every number of every stage. Opt-in, because it needs about
/// 3 GB that scripts/parity makes: EMOSCOPE_PARITY names their folder.
@Suite(.enabled(if: parityFolder != nil)) struct ParityTests {
    /// A network file in the folder, or one imported from a checkpoint there, and the name of its golden values.
    struct Network {
        let name: String
        let path: String
        let golden: String
    }

    /// Every stage's largest error over its own largest value, the logits' absolute, for each clip and network.
    @Test func everyStageOfTheFullNetworksMatches() throws {
        let folder = try #require(parityFolder)
        let clips = try SafetensorsFile(path: folder + "/clips.safetensors")
        let networks = try networks(in: folder)
        #expect(!networks.isEmpty)
        for network in networks {
            let start = ContinuousClock.now
            let engine = try EmotionModel(path: network.path).makeEngine()
            let loading = ContinuousClock.now - start
            print("\n\(network.name), loaded in \(loading), \(BackEnd.chosen) kernels")
            var table = ErrorTable()
            for clip in clips.names {
                let golden = try SafetensorsFile(path: "\(folder)/\(network.golden).\(clip).stages.safetensors")
                let wave = Clip.tile(try Golden.floats(clips, clip))
                let stages = try observe(engine) { _ = try $0.run(wave) }
                #expect(Set(stages.map(\.name)) == Set(golden.names))
                for stage in stages { try compare(stage, with: golden, in: &table, clip: clip) }
                try compareWithCommitted(stages, network.golden, clip)
            }
            print(table)
            try printTime(of: engine)
        }
    }

    /// The network files in the folder, and the checkpoints, as the authors' code saves them, after import.
    private func networks(in folder: String) throws -> [Network] {
        let files = try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
        return try files.compactMap { file in
            let path = folder + "/" + file
            if file.hasSuffix(".pt") {
                let name = String(file.dropLast(".pt".count))
                try WeightsImporter.importCheckpoint(at: path, to: path + ".imported")
                let golden = name.replacingOccurrences(of: "-old", with: "").replacingOccurrences(of: "-new", with: "")
                return Network(name: "imported " + name, path: path + ".imported", golden: golden)
            }
            // Clips and the values of the speaker encoder are no networks.
            guard file.hasSuffix(".safetensors"), !file.contains(".stages."),
                !["clips.safetensors", "speaker.safetensors"].contains(file)
            else { return nil }
            let name = String(file.dropLast(".safetensors".count))
            return Network(name: name, path: path, golden: name)
        }
    }

    private func compare(
        _ stage: Stage, with golden: SafetensorsFile, in table: inout ErrorTable, clip: String
    ) throws {
        let expected = try Golden.floats(golden, stage.name)
        #expect(golden.tensor(stage.name)?.shape == stage.shape)
        try #require(expected.count == stage.values.count)
        var difference: Float = 0
        var greatest: Float = 0
        for index in expected.indices {
            difference = max(difference, abs(expected[index] - stage.values[index]))
            greatest = max(greatest, abs(expected[index]))
        }
        let isFinite = stage.values.allSatisfy(\.isFinite)
        let error = isFinite ? (stage.name == "logits" ? difference : difference / greatest) : .infinity
        #expect(error <= 1e-3, "\(clip) \(stage.name)")
        table.add(stage.name, clip, error)
    }

    /// The generator may drift with another PyTorch or seed; its summary in git detects that.
    private func compareWithCommitted(_ stages: [Stage], _ name: String, _ clip: String) throws {
        let path = Golden.path("full-\(name).stages.safetensors")
        guard Golden.clips[clip] != nil, FileManager.default.fileExists(atPath: path) else { return }
        let summary = try SafetensorsFile(path: path)
        for stage in stages {
            #expect(try StageSummary(summary, "\(clip)/\(stage.name)").error(of: stage) < 1e-3, "\(stage.name) in git")
        }
    }

    /// Wall-clock time, best of 7; and processor time on one thread, which a busy machine disturbs less.
    private func printTime(of engine: InferenceEngine) throws {
        let wave = syntheticVoice(seconds: 3)
        let wall = try (0..<7).map { _ in
            let (seconds, attoseconds) = try ContinuousClock().measure { _ = try engine.run(wave) }.components
            return Double(seconds) * 1e3 + Double(attoseconds) / 1e15
        }
        let single = try EmotionModel(path: engine.model.path, threads: 1).makeEngine()
        _ = try single.run(wave)
        let processor = try (0..<3).map { _ in
            let start = clock()
            _ = try single.run(wave)
            return Double(clock() - start) * 1e3 / Double(CLOCKS_PER_SEC)
        }
        print(
            String(
                format: "a 3 s window takes %.0f ms on %d threads, %.0f ms of processor time on one", wall.min()!,
                engine.model.threads,
                processor.min()!))
    }
}

/// The largest error of each stage, a column for each clip.
private struct ErrorTable: CustomStringConvertible {
    private var stages: [String] = []
    private var clips: [String] = []
    private var errors: [String: Float] = [:]

    mutating func add(_ stage: String, _ clip: String, _ error: Float) {
        if !stages.contains(stage) { stages.append(stage) }
        if !clips.contains(clip) { clips.append(clip) }
        errors[stage + "/" + clip] = error
    }

    var description: String {
        let row = { (name: String, cells: [String]) in
            name.padding(toLength: 16, withPad: " ", startingAt: 0)
                + cells.map { $0.padding(toLength: 15, withPad: " ", startingAt: 0) }.joined()
        }
        let lines = stages.map { stage in
            row(stage, clips.map { clip in String(format: "%.1e", errors[stage + "/" + clip] ?? .nan) })
        }
        return ([row("largest error", clips)] + lines).joined(separator: "\n")
    }
}
