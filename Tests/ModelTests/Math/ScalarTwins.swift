import Foundation

@testable import EmotionNetwork

/// The slow double-precision twin of each kernel and layer. Matrices are arrays of rows.
enum Scalar {
    typealias Rows = [[Double]]

    static func gelu(_ x: Double) -> Double { x * 0.5 * erfc(-x / 2.squareRoot()) }

    static func sigmoid(_ x: Double) -> Double { 1 / (1 + exp(-x)) }

    static func softmax(_ row: [Double]) -> [Double] {
        let shift = row.max() ?? 0
        let sum = row.reduce(0) { $0 + exp($1 - shift) }
        return row.map { exp($0 - shift) / sum }
    }

    /// Zero mean and unit variance.
    static func standardise(_ x: [Double], epsilon: Double) -> [Double] {
        let mean = x.reduce(0, +) / Double(x.count)
        let variance = x.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(x.count)
        return x.map { ($0 - mean) / (variance + epsilon).squareRoot() }
    }

    static func layerNorm(_ x: [Double], gain: [Double], bias: [Double]) -> [Double] {
        zip(standardise(x, epsilon: 1e-5), zip(gain, bias)).map { $0 * $1.0 + $1.1 }
    }

    static func transpose(_ x: Rows) -> Rows {
        x.isEmpty ? [] : x[0].indices.map { column in x.map { $0[column] } }
    }

    /// a · bᵀ.
    static func multiply(_ a: Rows, transposed b: Rows) -> Rows {
        a.map { row in b.map { zip(row, $0).reduce(0) { $0 + $1.0 * $1.1 } } }
    }

    /// x [frames, inputs], kernel [outputs][taps · inputs per group], zero padding on the left and as needed on the
    /// right.
    static func convolve(
        _ x: Rows, _ kernel: Rows, bias: [Double], taps: Int, stride: Int, groups: Int = 1, left: Int = 0,
        frames: Int
    ) -> Rows {
        let group = x[0].count / groups
        let outputs = kernel.count / groups
        return (0..<frames).map { frame in
            kernel.indices.map { output in
                var sum = bias[output]
                for tap in 0..<taps {
                    let time = frame * stride + tap - left
                    guard x.indices.contains(time) else { continue }
                    for channel in 0..<group {
                        sum += kernel[output][tap * group + channel] * x[time][output / outputs * group + channel]
                    }
                }
                return sum
            }
        }
    }

    static func attend(_ q: Rows, _ k: Rows, _ v: Rows, heads: Int) -> Rows {
        let width = q[0].count / heads
        return q.map { query in
            (0..<heads).flatMap { head -> [Double] in
                let columns = (head * width)..<((head + 1) * width)
                let scores = k.map { key in
                    columns.reduce(0) { $0 + query[$1] * key[$1] } / Double(width).squareRoot()
                }
                let weights = softmax(scores)
                return columns.map { column in zip(weights, v).reduce(0) { $0 + $1.0 * $1.1[column] } }
            }
        }
    }

    /// One direction of an LSTM layer; gates input, forget, cell, output.
    static func lstm(_ x: Rows, input: Rows, recurrent: Rows, bias: [Double], backward: Bool) -> Rows {
        let hidden = recurrent[0].count
        var h = [Double](repeating: 0, count: hidden)
        var c = h
        var output = Rows(repeating: [], count: x.count)
        for step in backward ? Array(x.indices.reversed()) : Array(x.indices) {
            let gates = (0..<(4 * hidden)).map { row in
                bias[row] + zip(input[row], x[step]).reduce(0) { $0 + $1.0 * $1.1 }
                    + zip(recurrent[row], h).reduce(0) { $0 + $1.0 * $1.1 }
            }
            for unit in 0..<hidden {
                c[unit] =
                    sigmoid(gates[hidden + unit]) * c[unit] + sigmoid(gates[unit]) * tanh(gates[2 * hidden + unit])
                h[unit] = sigmoid(gates[3 * hidden + unit]) * tanh(c[unit])
            }
            output[step] = h
        }
        return output
    }
}

extension Scalar {
    /// |DFT|² of real numbers, from 0 to half the sample rate.
    static func powers(_ x: [Double]) -> [Double] {
        let roots = x.indices.map { 2 * Double.pi * Double($0) / Double(x.count) }.map { (cos($0), sin($0)) }
        return (0...(x.count / 2)).map { bin in
            var (real, imaginary) = (0.0, 0.0)
            for index in x.indices {
                let root = roots[bin * index % x.count]
                real += x[index] * root.0
                imaginary += x[index] * root.1
            }
            return real * real + imaginary * imaginary
        }
    }

    /// log10 of the mel energies of frames under a Hann window, `hop` apart, floored at 1e-10 and at 8 below the
    /// greatest.
    private static func logarithms(_ x: [Double], size: Int, frames: Int, bands: Int, scale: MelFilterbank.Scale)
        -> Rows
    {
        let window = hannWindow(size).map(Double.init)
        let bank = MelFilterbank(bands: bands, fftSize: size, sampleRate: 16_000, scale: scale)
        let energies = (0..<frames).map { frame -> [Double] in
            let powers = powers(zip(x[(160 * frame)...], window).map { $0 * $1 })
            return bank.bands.map { band in
                zip(band.weights, powers[band.first...]).reduce(0) { $0 + Double($1.0) * $1.1 }
            }
        }
        let levels = energies.map { $0.map { log10(max($0, 1e-10)) } }
        let floor = levels.joined().max()! - 8
        return levels.map { $0.map { max($0, floor) } }
    }

    /// Whisper's log-mel frames of a wave.
    static func logMel(_ wave: [Double]) -> Rows {
        let padded = wave[1...200].reversed() + wave + wave.dropLast().suffix(200).reversed()
        return logarithms(Array(padded), size: 400, frames: wave.count / 160, bands: 80, scale: .slaney)
            .map { $0.map { $0 / 4 + 1 } }
    }

    /// The MFCC frames of a wave.
    static func mfcc(_ wave: [Double]) -> Rows {
        // The factor is the single-precision one.
        let emphasised = zip(wave, [0] + wave).map { $0 - Double(Float(0.97)) * $1 }
        let zeros = [Double](repeating: 0, count: 1024)
        let levels = logarithms(
            zeros + emphasised + zeros, size: 2048, frames: 1 + wave.count / 160, bands: 128, scale: .htk)
        return levels.map { row in
            (0..<40).map { k in
                let norm = ((k == 0 ? 1 : 2) / 128.0).squareRoot()
                return row.indices.reduce(0) {
                    $0 + 10 * row[$1] * norm * cos(Double.pi * Double(k) * (Double($1) + 0.5) / 128)
                }
            }
        }
    }
}

/// Random matrices that are the same on every run of a test.
struct RandomMatrices {
    private var state: UInt64
    let arena = Arena()

    init(seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 | 1 }

    /// Uniform in ±scale.
    mutating func number(_ scale: Double = 1) -> Float {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return Float(scale * (Double(state >> 40) / Double(1 << 23) - 1))
    }

    /// A number of `range`.
    mutating func size(_ range: ClosedRange<Int>) -> Int {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return range.lowerBound + Int(state >> 33) % range.count
    }

    mutating func matrix(_ rows: Int, _ columns: Int, scale: Double = 1) -> MutableMatrix {
        let matrix = arena.matrix(rows, columns)
        for row in 0..<rows { for column in 0..<columns { matrix[row, column] = number(scale) } }
        return matrix
    }
}

extension Matrix {
    /// As arrays of doubles.
    var doubles: Scalar.Rows {
        (0..<rows).map { row in (0..<columns).map { Double(self[row, $0]) } }
    }

    /// The largest absolute difference from `other`.
    func difference(from other: Scalar.Rows) -> Double {
        guard other.count == rows, other.allSatisfy({ $0.count == columns }) else { return .infinity }
        var largest = 0.0
        for row in 0..<rows {
            for column in 0..<columns {
                let difference = abs(Double(self[row, column]) - other[row][column])
                // A NaN compares false with everything, and must not count as no difference.
                if !(difference <= largest) { largest = difference.isNaN ? .infinity : difference }
            }
        }
        return largest
    }
}
