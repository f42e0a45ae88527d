import Foundation
import Testing

@testable import EmotionNetwork

/// The packed products against their scalar twins, with each back end that this machine runs, alone and on two threads.
@Suite struct PackedWeightsTests {
    static let backEnds = BackEnd.supported
    static let eightBit = backEnds.filter { $0.supports(.int8) }
    static let cases = backEnds.flatMap { backEnd in (UInt64(1)...24).map { (backEnd, $0) } }
    static let eightBitCases = cases.filter { eightBit.contains($0.0) }

    private struct Problem {
        let x: Matrix
        let weight: Matrix
        let bias: Matrix?
        let y: MutableMatrix
        let together: Bool

        /// Odd sizes, single rows and outputs, depths beyond one block, rows that overlap or lie apart, results between
        /// columns that the product must not touch.
        init(_ random: inout RandomMatrices, seed: UInt64) {
            let depth = random.size(64...100) + (seed.isMultiple(of: 5) ? 1100 : 0)
            let outputs = seed.isMultiple(of: 6) ? 1 : random.size(1...80)
            let rows = seed.isMultiple(of: 4) ? 1 : random.size(1...45) + (seed.isMultiple(of: 7) ? 520 : 0)
            let step = seed.isMultiple(of: 3) ? random.size(1...30) : depth + random.size(0...3)
            together = seed.isMultiple(of: 3)
            x = random.matrix(1, (rows - 1) * step + depth, scale: 3).view
                .windows(from: 0, length: depth, step: step, rows: rows)
            weight = random.matrix(outputs, depth).view
            bias = seed.isMultiple(of: 2) ? random.matrix(1, outputs).view : nil
            y = random.arena.matrix(rows, outputs + 2)
            y.fill(7)
        }

        func product(_ x: Scalar.Rows, _ weight: Scalar.Rows, gelu: Bool) -> Scalar.Rows {
            let bias = bias?.doubles[0] ?? [Double](repeating: 0, count: weight.count)
            return Scalar.multiply(x, transposed: weight).map { row in
                zip(row, bias).map { gelu ? Scalar.gelu($0 + $1) : $0 + $1 }
            }
        }
    }

    /// Runs one product and checks that it wrote nothing outside its result.
    private func run(_ problem: Problem, _ precision: Precision, _ backEnd: BackEnd, gelu: Bool, threads: Int)
        -> Matrix
    {
        let packed = PackedWeights(problem.weight, bias: problem.bias, precision: precision, backEnd: backEnd)
        #expect(packed.precision == precision)
        let outputs = problem.weight.rows
        packed.multiply(
            problem.x, into: problem.y.columns(1..<(outputs + 1)), activation: gelu ? .gelu : .none,
            overlapping: problem.together, on: ThreadPool(threads: threads))
        for row in 0..<problem.y.rows {
            #expect(problem.y[row, 0] == 7 && problem.y[row, outputs + 1] == 7)
        }
        return problem.y.view.columns(1..<(outputs + 1))
    }

    @Test(arguments: cases) func singlePrecisionProductMatchesItsTwin(backEnd: BackEnd, seed: UInt64) {
        var random = RandomMatrices(seed: seed)
        let problem = Problem(&random, seed: seed)
        let gelu = random.size(0...1) == 1
        let y = run(problem, .fp32, backEnd, gelu: gelu, threads: random.size(1...3))
        #expect(y.difference(from: problem.product(problem.x.doubles, problem.weight.doubles, gelu: gelu)) < 2e-4)
    }

    /// The twin quantises by the same rule and sums exactly, so that only rounding in the scaling differs.
    @Test(arguments: eightBitCases) func eightBitProductMatchesItsTwin(backEnd: BackEnd, seed: UInt64) {
        var random = RandomMatrices(seed: seed)
        let problem = Problem(&random, seed: seed)
        let gelu = random.size(0...1) == 1
        let y = run(problem, .int8, backEnd, gelu: gelu, threads: random.size(1...3))
        let inputs = problem.x.doubles
        let all = problem.together ? inputs.flatMap { $0 } : nil
        let x = inputs.map { Scalar.quantised($0, between: all ?? $0) }
        let weight = problem.weight.doubles.map { Scalar.quantised($0, by: $0) }
        #expect(y.difference(from: problem.product(x, weight, gelu: gelu)) < 2e-3)
    }

    /// The largest products of either sign, where 16-bit instructions would saturate; and zeros, which have no scale.
    @Test(arguments: eightBit) func theLargestProductsDoNotSaturate(backEnd: BackEnd) {
        let arena = Arena()
        let (x, weight, y) = (arena.matrix(3, 4096), arena.matrix(3, 4096), arena.matrix(3, 3))
        for (row, value) in [Float(1), -1, 0].enumerated() {
            x.rows(row..<(row + 1)).fill(value)
            weight.rows(row..<(row + 1)).fill(value)
        }
        PackedWeights(weight.view, bias: nil, precision: .int8, backEnd: backEnd)
            .multiply(x.view, into: y, on: arena.pool)
        #expect(y.view.difference(from: [[4096, -4096, 0], [-4096, 4096, 0], [0, 0, 0]]) < 1e-2)
    }

    /// Rows of one sign, which use the full range of 8 bits; and numbers so small that a scale would overflow, which
    /// become zeros.
    @Test(arguments: eightBit) func oneSidedAndTinyRowsAreQuantisedWithinHalfAStep(backEnd: BackEnd) {
        let arena = Arena()
        let (x, weight, y) = (arena.matrix(3, 64), arena.matrix(1, 64), arena.matrix(3, 1))
        for index in 0..<64 {
            x[0, index] = Float(index)
            x[1, index] = -Float(index)
            x[2, index] = 1e-37
        }
        weight.fill(1)
        PackedWeights(weight.view, bias: nil, precision: .int8, backEnd: backEnd)
            .multiply(x.view, into: y, on: arena.pool)
        // Steps of 63 / 254: each number is off by at most half a step.
        #expect(abs(y[0, 0] - 2016) < 4 && abs(y[1, 0] + 2016) < 4 && y[2, 0] == 0)
    }

    /// A step of a recurrence adds a product to some of the outputs, in either order.
    @Test(arguments: cases) func recurrenceStepAddsTheProduct(backEnd: BackEnd, seed: UInt64) {
        var random = RandomMatrices(seed: seed)
        let (depth, outputs) = (random.size(64...300), random.size(1...200))
        let (x, weight) = (random.matrix(1, depth), random.matrix(outputs, depth))
        let before = random.matrix(1, outputs)
        for precision in Precision.allCases {
            let packed = PackedWeights(weight.view, bias: nil, precision: precision, backEnd: backEnd)
            let product = random.arena.matrix(1, outputs)
            packed.multiply(x.view, into: product, on: random.arena.pool)
            let first = random.size(0...((outputs - 1) / packed.panel)) * packed.panel
            for backwards in [false, true] {
                let sum = random.arena.matrix(1, outputs)
                sum.copy(before.view)
                packed.add(x.view, to: sum, outputs: first..<outputs, backwards: backwards, on: random.arena.pool)
                let expected = (0..<outputs).map {
                    Double(before[0, $0]) + ($0 < first ? 0 : Double(product[0, $0]))
                }
                #expect(sum.view.difference(from: [expected]) < 1e-5)
            }
        }
    }

    /// Shapes that are divided among threads by outputs and by rows, and one that is not divided.
    @Test(arguments: backEnds) func theNumberOfThreadsChangesNoBit(backEnd: BackEnd) {
        var random = RandomMatrices(seed: 7)
        for (rows, outputs) in [(60, 500), (700, 90), (9, 30)] {
            let (x, weight) = (random.matrix(rows, 120), random.matrix(outputs, 120))
            let packed = PackedWeights(weight.view, bias: nil, precision: .fp32, backEnd: backEnd)
            let results = (1...3).map { threads in
                let y = random.arena.matrix(rows, outputs)
                packed.multiply(x.view, into: y, on: ThreadPool(threads: threads))
                return y.view.values
            }
            #expect(results[1] == results[0] && results[2] == results[0])
        }
    }

    @Test func everyBackEndGivesTheSameEightBitSums() {
        var random = RandomMatrices(seed: 5)
        let (x, weight) = (random.matrix(9, 200), random.matrix(40, 200))
        let results = Self.eightBit.map { backEnd in
            let y = random.arena.matrix(9, 40)
            PackedWeights(weight.view, bias: nil, precision: .int8, backEnd: backEnd)
                .multiply(x.view, into: y, on: random.arena.pool)
            return y.view.doubles
        }
        for result in results.dropFirst() {
            let differences = zip(result.joined(), results[0].joined()).map { abs($0 - $1) }
            #expect(differences.max()! < 1e-5)
        }
    }

    /// Each thread writes its element in each round, and after the barrier sees those of all threads.
    @Test(arguments: [2, 3]) func everyThreadSeesTheWritesOfOthersAfterABarrier(threads: Int) {
        let pool = ThreadPool(threads: threads)
        let (rounds, seen) = (Arena().matrix(200, threads), Arena().matrix(1, threads))
        rounds.fill(0)
        pool.forEach(threads, Meeting(pool: pool, rounds: rounds, seen: seen))
        #expect(seen.view.values.allSatisfy { $0 == Float(200 * threads) })
        #expect(ThreadPool(threads: 1).barriersPay() == false)
    }

    @Test(arguments: [1, 2, 5]) func eachIndexRunsOnce(threads: Int) {
        let pool = ThreadPool(threads: threads)
        for count in [0, 1, 2, 7, 1000] {
            let tally = Arena().matrix(1, max(count, 1))
            tally.fill(0)
            pool.forEach(count, Tallying(tally: tally, workers: pool.threads))
            #expect(tally.view.values.prefix(count).allSatisfy { $0 == 1 })
        }
    }
}

private struct Tallying: ParallelTask {
    let tally: MutableMatrix
    let workers: Int

    func callAsFunction(_ index: Int, serial: ThreadPool, worker: Int) {
        precondition(worker < workers && serial.threads == 1)
        tally[0, index] += 1
    }
}

private struct Meeting: ParallelTask {
    let pool: ThreadPool
    let rounds: MutableMatrix
    let seen: MutableMatrix

    func callAsFunction(_ index: Int, serial: ThreadPool, worker: Int) {
        var sum: Float = 0
        for round in 0..<rounds.rows {
            rounds[round, index] = 1
            pool.barrier()
            sum += rounds.rows(round..<(round + 1)).view.values.reduce(0, +)
        }
        seen[0, index] = sum
    }
}

extension Scalar {
    /// `row` rounded to the 8-bit grid that the largest magnitude of `range` spans, as weights are.
    static func quantised(_ row: [Double], by range: [Double]) -> [Double] {
        let magnitude = Float(range.reduce(0) { max($0, abs($1)) })
        guard magnitude > 0 else { return row }
        let factor = 127 / magnitude
        return row.map { Double((Float($0) * factor).rounded(.toNearestOrEven)) * Double(magnitude) / 127 }
    }

    /// `row` rounded to the grid of 254 steps from the least number of `range`, or 0, to the greatest, as activations
    /// are.
    static func quantised(_ row: [Double], between range: [Double]) -> [Double] {
        let width = Float(range.reduce(0, max)) - Float(range.reduce(0, min))
        guard width > 0 else { return row }
        let factor = 254 / width
        return row.map { Double((Float($0) * factor).rounded(.toNearestOrEven)) * Double(width) / 254 }
    }
}
