import Foundation
import Testing

@Suite(.timeLimit(.minutes(3))) struct BenchTests {
    private struct ClassificationMetrics: Decodable {
        struct Window: Decodable {
            let min: Double
            let median: Double
            let all: [Double]
        }
        struct Stage: Decodable {
            let name: String
            let ms: Double
            let mmac: Double
        }
        let precision: String
        let threads: Int
        let kernels: String
        let window_ms: Window
        let network_ms: Window
        let logits: [String: Double]
        let stages: [Stage]
    }

    private struct Products: Decodable {
        struct Product: Decodable {
            let rows: Int
            let depth: Int
            let outputs: Int
            let count: Int
            let gmac_per_s: [String: Double]
        }
        let products: [Product]
        let products_ms: [String: Double]
    }

    private func figures(_ run: Outcome) throws -> [ClassificationMetrics] {
        #expect(run.status == 0, "\(run.errors)")
        return try run.lines.map { try JSONDecoder().decode(ClassificationMetrics.self, from: Data($0.utf8)) }
    }

    private func with(_ kernels: String) -> [String: String] {
        ProcessInfo.processInfo.environment.merging(["EMOSCOPE_KERNELS": kernels]) { $1 }
    }

    @Test func stagesAddUpToTheWindow() throws {
        let all = try figures(emoscope("bench", "--json", "--no-products", "--runs", "2", "--threads", "1"))
        #expect(all.map(\.precision) == ["fp32", "int8"])
        for one in all {
            #expect(one.threads == 1 && one.window_ms.min <= one.window_ms.median)
            let sum = one.stages.reduce(0) { $0 + $1.ms }
            #expect(abs(sum - one.window_ms.min) < 0.1 * one.window_ms.min)
            #expect(one.window_ms.all.count == 2 && one.window_ms.all[0] == one.window_ms.min)
            #expect(one.network_ms.all.count == 2 && one.network_ms.min < one.window_ms.min)
            #expect(one.logits.keys.sorted() == ["angry", "happy", "neutral", "sad"])
            #expect(
                Set(one.stages.map(\.name))
                    == ["front ends", "CNN", "transformer layers", "fusion", "BiLSTM", "FEM", "head"])
        }
        // The shipped network's products, by whatever kernels.
        #expect(all[0].stages.map(\.mmac) == all[1].stages.map(\.mmac))
        #expect(all[0].stages.first { $0.name == "transformer layers" }!.mmac > 1000)
    }

    /// The products that are timed alone are nearly all of the window's, each by the same back ends.
    @Test func theProductsAreTimedByEachBackEnd() throws {
        let run = try emoscope("bench", "--json", "--runs", "1", "--threads", "1", "--precision", "fp32")
        #expect(run.status == 0 && run.lines.count == 2, "\(run.errors)")
        let window = try JSONDecoder().decode(ClassificationMetrics.self, from: Data(run.lines[0].utf8))
        let all = try JSONDecoder().decode(Products.self, from: Data(run.lines[1].utf8))
        let names = Set(all.products_ms.keys)
        #expect(names.contains(window.kernels) && all.products_ms.values.allSatisfy { $0 > 0 })
        let rates = all.products.map(\.gmac_per_s)
        #expect(rates.allSatisfy { Set($0.keys) == names && $0.values.allSatisfy { $0 > 0 } })
        let timed = all.products.reduce(0) { $0 + $1.rows * $1.depth * $1.outputs * $1.count }
        let share = Double(timed) / 1e6 / window.stages.reduce(0) { $0 + $1.mmac }
        #expect(share > 0.9 && share < 1.001)
    }

    @Test func theEnvironmentChoosesTheKernels() throws {
        let run = try emoscope(
            "bench", "--json", "--no-products", "--runs", "2", "--threads", "1", "--precision", "fp32",
            environment: with("portable"))
        #expect(try figures(run).map(\.kernels) == ["portable"])
        let refused = try emoscope("bench", environment: with("abacus"))
        #expect(refused.status == 2 && refused.errors.contains("EMOSCOPE_KERNELS"))
    }
}
