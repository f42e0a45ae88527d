import CEmotionKernels
import Foundation
import Testing

@testable import EmotionNetwork

/// Each kernel against its scalar twin, on random shapes that include single rows and lengths that fill no register.
@Suite struct KernelTests {
    static let seeds: Range<UInt64> = 1..<9

    /// Every value of ±12 in steps of 1/512, and values far beyond.
    private func line(_ arena: Arena) -> MutableMatrix {
        let values = (-6144...6144).map { Float($0) / 512 } + [-1e30, -100, -88, 88, 100, 1e30, -0.0, 1e-30]
        let matrix = arena.matrix(1, values.count)
        for (index, value) in values.enumerated() { matrix[0, index] = value }
        return matrix
    }

    @Test func geluIsExactToItsStatedError() {
        let x = line(Arena())
        let input = x.view.doubles[0]
        x.gelu()
        for (index, value) in input.enumerated() {
            let error = abs(Double(x[0, index]) - Scalar.gelu(value))
            #expect(error <= 4e-7 * abs(value) + 1e-30, "gelu(\(value)) is off by \(error)")
        }
    }

    @Test func tanhIsExactToItsStatedError() {
        let x = line(Arena())
        let expected = x.view.doubles[0].map { Foundation.tanh($0) }
        x.tanh()
        #expect(x.view.difference(from: [expected]) <= 3e-7)
    }

    @Test func log10IsExactToItsStatedError() {
        let values =
            (-300...300).map { Float(pow(10, Double($0) / 8)) } + [
                0, -1, .leastNonzeroMagnitude, 1, .greatestFiniteMagnitude,
            ]
        let x = Arena().matrix(1, values.count)
        for (index, value) in values.enumerated() { x[0, index] = value }
        let greatest = unsafe ck_log10(x.base, x.count, 1e-10)
        let expected = values.map { log10(max(Double($0), 1e-10)) }
        #expect(abs(Double(greatest) - expected.max()!) <= 4e-6)
        for (index, value) in expected.enumerated() {
            #expect(abs(Double(x[0, index]) - value) <= 1e-6 * max(1, abs(value) / 10), "log10(\(values[index]))")
        }
    }

    @Test(arguments: seeds) func compressionKeepsARangeUnderTheGreatest(seed: UInt64) {
        var random = RandomMatrices(seed: seed)
        let x = random.matrix(random.size(1...7), random.size(1...100), scale: 100)
        let gain: Float = seed.isMultiple(of: 2) ? 1 : 0.03 * Float(seed)
        let levels = x.view.doubles.map { $0.map { log10(max($0 * pow(Double(gain), 2), 1e-10)) } }
        let greatest = levels.joined().max()!
        x.compress(gain: gain, least: 1e-10, range: 2, scale: 10, shift: 3)
        #expect(x.view.difference(from: levels.map { $0.map { max($0, greatest - 2) * 10 + 3 } }) < 2e-5)
    }

    @Test(arguments: seeds) func softmaxMatchesItsTwin(seed: UInt64) {
        var random = RandomMatrices(seed: seed)
        let x = random.matrix(random.size(1...7), random.size(1...150), scale: seed == 1 ? 200 : 8)
        let expected = x.view.doubles.map(Scalar.softmax)
        x.softmax()
        #expect(x.view.difference(from: expected) < 1e-6)
    }

    @Test func softmaxOfVeryDifferentScoresStaysFinite() {
        let x = Arena().matrix(1, 3)
        for (index, value) in [Float(-3e38), 0, 3e38].enumerated() { x[0, index] = value }
        x.softmax()
        #expect(x.view.difference(from: [[0, 0, 1]]) < 1e-6)
    }

    @Test(arguments: seeds) func layerNormMatchesItsTwin(seed: UInt64) {
        var random = RandomMatrices(seed: seed)
        let columns = random.size(2...200)
        let x = random.matrix(random.size(1...5), columns, scale: 3)
        let residual = random.matrix(x.rows, columns)
        let norm = LayerNorm(gain: random.matrix(1, columns).view, bias: random.matrix(1, columns).view)
        let (gain, bias) = (norm.gain.doubles[0], norm.bias.doubles[0])
        let plain = random.arena.matrix(x.rows, columns)
        norm(x.view, into: plain)
        #expect(plain.view.difference(from: x.view.doubles.map { Scalar.layerNorm($0, gain: gain, bias: bias) }) < 2e-5)

        let sum = zip(x.view.doubles, residual.view.doubles).map { zip($0, $1).map { $0 + $1 } }
        norm(adding: residual.view, to: x)
        #expect(x.view.difference(from: sum.map { Scalar.layerNorm($0, gain: gain, bias: bias) }) < 2e-5)
    }

    @Test(arguments: seeds) func columnsAreNormalisedOverTime(seed: UInt64) {
        var random = RandomMatrices(seed: seed)
        let x = random.matrix(random.size(2...300), random.size(1...40))
        // An offset much larger than the spread, with which a single pass would lose precision.
        for row in 0..<x.rows { x[row, 0] += 100 }
        let gain = random.matrix(1, x.columns)
        let bias = random.matrix(1, x.columns)
        let expected = Scalar.transpose(
            Scalar.transpose(x.view.doubles).enumerated().map { column, values in
                Scalar.standardise(values, epsilon: 1e-5).map {
                    $0 * Double(gain[0, column]) + Double(bias[0, column])
                }
            })
        x.normaliseColumns(gain: gain.view, bias: bias.view, epsilon: 1e-5, in: random.arena)
        #expect(x.view.difference(from: expected) < 1e-5)
    }

    @Test(arguments: seeds) func meansUnitRowsMomentsAndSumsMatchTheirTwins(seed: UInt64) {
        var random = RandomMatrices(seed: seed)
        let x = random.matrix(random.size(1...50), random.size(1...70))
        let rows = x.view.doubles
        let mean = random.arena.matrix(1, x.columns)
        mean.setColumnMeans(of: x.view, in: random.arena)
        let means = Scalar.transpose(rows).map { $0.reduce(0, +) / Double($0.count) }
        #expect(mean.view.difference(from: [means]) < 1e-6)

        let all = rows.flatMap { $0 }
        let expected = all.reduce(0, +) / Double(all.count)
        let moments = x.view.moments()
        #expect(abs(moments.mean - expected) < 1e-9)
        let variance = all.reduce(0) { $0 + ($1 - expected) * ($1 - expected) } / Double(all.count)
        #expect(abs(moments.variance - variance) < 1e-9)

        let other = random.matrix(x.rows, x.columns)
        let sum = zip(rows, other.view.doubles).map { zip($0, $1).map { $0 + $1 } }
        other.add(x.view)
        #expect(other.view.difference(from: sum) < 1e-6)

        x.scaleRowsToUnitLength()
        let unit = rows.map { row in
            let length = row.reduce(0) { $0 + $1 * $1 }.squareRoot()
            return row.map { $0 / length }
        }
        #expect(x.view.difference(from: unit) < 1e-6)
    }

    @Test func zeroRowsStayZero() {
        let x = Arena().matrix(2, 40)
        x.fill(0)
        x.scaleRowsToUnitLength()
        #expect(x.view.values.allSatisfy { $0 == 0 })
    }

    @Test(arguments: seeds, PackedWeightsTests.backEnds)
    func unpackedProductMatchesItsTwin(seed: UInt64, backEnd: BackEnd) {
        var random = RandomMatrices(seed: seed)
        let (m, n, k) = (random.size(1...70), random.size(1...70), random.size(1...40))
        let pool = ThreadPool(threads: random.size(1...3))
        let a = random.matrix(m, k)
        let b = random.matrix(n, k)
        // Columns of wider matrices, so that every stride differs from its width.
        let room = random.matrix(m, n + 3)
        let c = room.columns(2..<(n + 2))
        let product = Scalar.multiply(a.view.doubles, transposed: b.view.doubles)
        let beside = room.columns(0..<2).view.doubles
        multiply(a.view, transposed: b.view, into: c, scale: 0.5, backEnd: backEnd, on: pool)
        #expect(c.view.difference(from: product.map { $0.map { 0.5 * $0 } }) < 1e-5)
        multiply(a.view, transposed: b.view, into: c, backEnd: backEnd, on: pool)
        #expect(c.view.difference(from: product) < 1e-5)
        let transposed = random.arena.matrix(k, n)
        for row in 0..<k { for column in 0..<n { transposed[row, column] = b[column, row] } }
        multiply(a.view, transposed.view, into: c, backEnd: backEnd, on: pool)
        #expect(c.view.difference(from: product) < 1e-5)
        #expect(room.columns(0..<2).view.doubles == beside)
    }
}
