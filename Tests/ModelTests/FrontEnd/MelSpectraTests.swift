import Testing

@testable import EmotionNetwork

/// The mel spectra against their scalar twin, with each back end that this machine runs.
@Suite struct MelSpectraTests {
    private struct Problem {
        let hop: Int
        let window: [Float]
        let filters: [MelFilterbank.Band]
        let signal: Matrix
        let frames: Int

        init(size: Int, _ random: inout RandomMatrices) {
            hop = random.size(1...200)
            frames = random.size(1...40)
            window = (0..<size).map { _ in random.number() }
            filters = (0..<random.size(1...30)).map { _ in
                let first = random.size(0...(size / 2))
                return .init(
                    first: first, weights: (0..<random.size(0...(size / 2 + 1 - first))).map { _ in random.number() })
            }
            signal = random.matrix(1, (frames - 1) * hop + size).view
        }

        func energies(of frames: Range<Int>, backEnd: BackEnd, threads: Int) -> Matrix {
            let arena = Arena(pool: ThreadPool(threads: threads))
            let energies = arena.matrix(frames.count, filters.count)
            let samples = (frames.lowerBound * hop)..<((frames.upperBound - 1) * hop + window.count)
            MelSpectra(hop: hop, window: window, filters: filters, backEnd: backEnd)
                .compute(signal.columns(samples), into: energies, in: arena)
            return energies.view
        }
    }

    /// Every radix alone and together with others, and frames that fill no vector.
    @Test(arguments: [4, 6, 8, 10, 16, 30, 90, 250, 400, 480, 2048], BackEnd.supported)
    func energiesMatchTheirTwin(size: Int, backEnd: BackEnd) {
        var random = RandomMatrices(seed: UInt64(size))
        let problem = Problem(size: size, &random)
        let window = problem.window.map(Double.init)
        let filters = problem.filters.map { (first: $0.first, weights: $0.weights.map(Double.init)) }
        let all = problem.energies(of: 0..<problem.frames, backEnd: backEnd, threads: random.size(1...3))
        for frame in [0, problem.frames / 2, problem.frames - 1] {
            let start = frame * problem.hop
            let samples = problem.signal.columns(start..<(start + size)).doubles[0]
            let powers = Scalar.powers(zip(samples, window).map { $0 * $1 })
            let expected = filters.map { filter in
                zip(filter.weights, powers[filter.first...]).reduce(0) { $0 + $1.0 * $1.1 }
            }
            let scale = powers.max()! * Double(powers.count).squareRoot()
            #expect(all.rows(frame..<(frame + 1)).difference(from: [expected]) <= 1e-6 * scale)
        }
    }

    /// A frame's energies are the same to the last bit, whatever is computed with it: otherwise a cache of frames or
    /// a second thread would change scores.
    @Test(arguments: [400, 2048], BackEnd.supported)
    func aFrameDependsOnItsSamplesAlone(size: Int, backEnd: BackEnd) {
        var random = RandomMatrices(seed: 5)
        let problem = Problem(size: size, &random)
        let all = problem.energies(of: 0..<problem.frames, backEnd: backEnd, threads: 3)
        for frame in 0..<problem.frames {
            let alone = problem.energies(of: frame..<(frame + 1), backEnd: backEnd, threads: 1)
            #expect(alone.values == all.rows(frame..<(frame + 1)).values)
        }
    }
}
