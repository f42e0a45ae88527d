import Testing

@testable import EmotionNetwork

/// An inference allocates nothing after the first, with any back end (EMOSCOPE_KERNELS): the allocations of OpenBLAS count
/// like our own. Exempt is only the memory that OpenBLAS maps itself, without `malloc`, at its first products.
@Suite(.enabled(if: Allocations.areCounted)) struct AllocationTests {
    @Test(arguments: ["tiny-wav2vec2", "tiny-whisper-shipped", "tiny-whisper-mix"], Precision.allCases)
    func windowsAllocateNothingAfterTheFirst(network: String, precision: Precision) throws {
        for threads in [1, 2] {
            let path = Golden.path(network + ".safetensors")
            let engine = try EmotionModel(path: path, precision: precision, threads: threads).makeEngine()
            try holdsStill(engine, "\(network) \(precision) \(threads)")
        }
    }

    @Test(arguments: Precision.allCases)
    func theShippedNetworkAllocatesNothingAfterTheFirstWindow(precision: Precision) throws {
        for threads in [1, 2] {
            let path = Golden.shipped
            let engine = try EmotionModel(path: path, precision: precision, threads: threads).makeEngine()
            try holdsStill(engine, "shipped \(precision) \(threads)")
        }
    }

    /// Windows of two streams in turn, each a quarter of a second after the one before.
    @Test func theFrameCacheAllocatesNothingAfterTheFirstWindows() throws {
        let engine = try EmotionModel(path: Golden.shipped).makeEngine()
        engine.enableCache(windows: 2, hop: 4000)
        var windows: [[Float]] = []
        for start in [0, 4000] {
            for seed: UInt64 in [1, 2] {
                windows.append(Array(syntheticVoice(seconds: 3.25, seed: seed)[start..<(start + 48_000)]))
            }
        }
        // Calls without a loop over the array, which would allocate in a build without optimisation.
        func round() throws {
            _ = try engine.run(windows[0])
            _ = try engine.run(windows[1])
            _ = try engine.run(windows[2])
            _ = try engine.run(windows[3])
        }
        try round()
        #expect(try Allocations.fewest(in: round) == 0)
    }

    @Test func theVoiceActivityDetectorAllocatesNothing() throws {
        let voice = syntheticVoice(seconds: 1)
        let chunk = Array(voice[..<SileroVAD.chunkSize])
        let detectors = try (0..<3).map { _ in try SileroVAD(path: SileroVADTests.weights) }
        // A new detector for each first chunk.
        var next = 0
        let count = Allocations.fewest(runs: detectors.count) {
            _ = detectors[next].probability(of: chunk.span)
            next += 1
        }
        #expect(count == 0)
    }

    @Test func anAllocationIsCounted() {
        var kept: [[Int]] = []
        #expect(Allocations.fewest { kept.append([Int](repeating: 1, count: kept.count + 100)) } > 0)
    }

    private func holdsStill(_ engine: InferenceEngine, _ what: String) throws {
        let window = syntheticVoice(seconds: 3)
        _ = try engine.run(window)
        let count = try Allocations.fewest { _ = try engine.run(window) }
        if count > 0 { try Allocations.show { _ = try engine.run(window) } }
        #expect(count == 0, "\(what): \(count) allocations; standard error says where")
    }
}
