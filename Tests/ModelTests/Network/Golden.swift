import Foundation
import Testing

@testable import EmotionNetwork

/// Files of golden values beside the tests.
enum Golden {
    static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().appendingPathComponent("Goldens").path

    /// The weights that this repository ships.
    static let shipped = URL(fileURLWithPath: folder + "/../../../Weights/emoscope.safetensors").standardized.path

    static func path(_ name: String) -> String { folder + "/" + name }

    /// The clips that golden values are kept for, by name.
    static let clips: [String: Double] = ["short": 1.2, "window": 3, "long": 11]

    static func floats(_ file: SafetensorsFile, _ name: String) throws -> [Float] {
        let tensor = try #require(file.tensor(name), "no golden \(name)")
        return try #require(tensor.floats())
    }
}

/// What Goldens/generate.py keeps of one stage: its shape, its norm, and a few of its numbers.
struct StageSummary {
    let shape: [Int]
    let step: Int
    let norm: Double
    let greatest: Float
    let samples: [Float]

    init(_ file: SafetensorsFile, _ key: String) throws {
        let fields = try #require(file.metadata[key], "no golden \(key)").split(separator: " ").map(String.init)
        shape = [try #require(Int(fields[0])), try #require(Int(fields[1]))]
        step = try #require(Int(fields[2]))
        norm = try #require(Double(fields[3]))
        greatest = try #require(Float(fields[4]))
        samples = try Golden.floats(file, key)
    }

    /// The largest difference between a kept number and the stage's, relative to the stage's largest value; or the
    /// relative difference of the norms where that is larger, so that a fault between the kept numbers shows as well.
    func error(of stage: Stage) -> Float {
        guard stage.shape == shape else { return .infinity }
        let taken = Swift.stride(from: 0, to: stage.values.count, by: step).map { stage.values[$0] }
        guard taken.count == samples.count else { return .infinity }
        let largest = zip(taken, samples).map { abs($0 - $1) }.max() ?? 0
        let stageNorm = stage.values.reduce(0) { $0 + Double($1) * Double($1) }.squareRoot()
        return max(largest / greatest, Float(abs(stageNorm - norm) / norm))
    }
}

/// Runs an engine and keeps its stages in order.
func observe(_ engine: InferenceEngine, _ body: (InferenceEngine) throws -> Void) rethrows -> [Stage] {
    var stages: [Stage] = []
    engine.observer = { stages.append($0) }
    defer { engine.observer = nil }
    try body(engine)
    return stages
}
