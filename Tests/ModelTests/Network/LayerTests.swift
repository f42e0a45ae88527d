import Testing

@testable import EmotionNetwork

/// Each layer against its scalar twin on random shapes.
@Suite struct LayerTests {
    static let seeds: Range<UInt64> = 1..<13

    @Test(arguments: seeds) func convolutionMatchesItsTwin(seed: UInt64) {
        var random = RandomMatrices(seed: seed)
        let inputs = seed.isMultiple(of: 2) ? random.size(1...20) : random.size(90...120)
        let (taps, stride, outputs) = (random.size(1...7), random.size(1...5), random.size(1...9))
        let x = random.matrix(random.size(taps...40), inputs)
        let weight = random.matrix(outputs, taps * inputs)
        let bias = seed.isMultiple(of: 3) ? nil : random.matrix(1, outputs).view
        let layer = Convolution(weight: weight.view, bias: bias, taps: taps, stride: stride)
        let y = random.arena.matrix(layer.frames(x.rows), outputs)
        y.fill(.nan)
        layer(x.view, into: y, on: random.arena.pool)
        let expected = Scalar.convolve(
            x.view.doubles, weight.view.doubles, bias: bias?.doubles[0] ?? [Double](repeating: 0, count: outputs),
            taps: taps, stride: stride, frames: (x.rows - taps) / stride + 1)
        #expect(y.view.difference(from: expected) < 1e-4, "\(inputs) inputs, \(taps) taps, stride \(stride)")
    }

    @Test(arguments: seeds) func positionConvolutionMatchesItsTwin(seed: UInt64) {
        var random = RandomMatrices(seed: seed)
        let group = seed.isMultiple(of: 2) ? random.size(1...12) : random.size(200...300)
        let (groups, taps) = (random.size(1...3), random.size(1...16))
        let width = group * groups
        let x = random.matrix(random.size(1...30), width)
        let weight = random.matrix(width, taps * group, scale: 0.2)
        let bias = random.matrix(1, width)
        let y = random.arena.matrix(x.rows, width)
        PositionConvolution(weight: weight.view, bias: bias.view, taps: taps)(x.view, into: y, in: random.arena)
        let expected = Scalar.convolve(
            x.view.doubles, weight.view.doubles, bias: bias.view.doubles[0], taps: taps, stride: 1, groups: groups,
            left: taps / 2, frames: x.rows)
        #expect(y.view.difference(from: expected) < 2e-4, "\(groups) groups of \(group), \(taps) taps")
    }

    @Test(arguments: seeds) func attentionMatchesItsTwin(seed: UInt64) {
        var random = RandomMatrices(seed: seed)
        let (heads, width, keys) = (random.size(1...4), random.size(1...9), random.size(1...30))
        // Sometimes more queries than are taken at once.
        let queries = seed == 1 ? 1100 : random.size(1...40)
        let q = random.matrix(queries, heads * width, scale: 3)
        let k = random.matrix(keys, heads * width, scale: 3)
        let v = random.matrix(keys, heads * width)
        let output = random.arena.matrix(queries, heads * width)
        attend(queries: q.view, keys: k.view, values: v.view, heads: heads, into: output, in: random.arena)
        let expected = Scalar.attend(q.view.doubles, k.view.doubles, v.view.doubles, heads: heads)
        #expect(output.view.difference(from: expected) < 1e-5)
    }

    @Test(arguments: seeds) func lstmMatchesItsTwinInBothDirections(seed: UInt64) {
        var random = RandomMatrices(seed: seed)
        let (inputs, hidden, steps) = (random.size(1...20), random.size(1...37), random.size(1...40))
        let x = random.matrix(steps, inputs, scale: 2)
        func direction(inputs: Int) -> Direction {
            Direction(
                inputWeight: random.matrix(4 * hidden, inputs).view,
                recurrentWeight: random.matrix(4 * hidden, hidden, scale: 0.5).view,
                bias: random.matrix(1, 4 * hidden).view)
        }
        let layers = [inputs, 2 * hidden].map { [direction(inputs: $0), direction(inputs: $0)] }
        let y = random.arena.matrix(steps, 2 * hidden)
        let lstm = BidirectionalLSTM(
            layers: layers.map {
                BidirectionalLSTM.Layer(forward: $0[0].layer(backward: false), backward: $0[1].layer(backward: true))
            })
        // Alone, and with a thread for each direction.
        lstm(x.view, into: y, in: seed.isMultiple(of: 2) ? random.arena : Arena(pool: ThreadPool(threads: 2)))
        let expected = layers.reduce(x.view.doubles) { input, layer in
            let halves = zip(layer, [false, true]).map { direction, backward in
                Scalar.lstm(
                    input, input: direction.inputWeight.doubles, recurrent: direction.recurrentWeight.doubles,
                    bias: direction.bias.doubles[0], backward: backward)
            }
            return zip(halves[0], halves[1]).map { $0 + $1 }
        }
        #expect(y.view.difference(from: expected) < 1e-5)
    }

    /// A layer wide enough for several threads gives the numbers of one thread, to the last bit.
    @Test(arguments: [2, 3]) func wideLSTMGivesTheSameOnAnyNumberOfThreads(threads: Int) {
        var random = RandomMatrices(seed: UInt64(threads))
        let (inputs, hidden, steps) = (5, 384, 9)
        let x = random.matrix(steps, inputs, scale: 2)
        let directions = [false, true].map { backward in
            Direction(
                inputWeight: random.matrix(4 * hidden, inputs).view,
                recurrentWeight: random.matrix(4 * hidden, hidden, scale: 0.1).view,
                bias: random.matrix(1, 4 * hidden).view
            ).layer(backward: backward)
        }
        #expect(directions[0].divides(among: threads))
        let lstm = BidirectionalLSTM(layers: [.init(forward: directions[0], backward: directions[1])])
        let results = [1, threads].map { count in
            let y = random.arena.matrix(steps, 2 * hidden)
            lstm(x.view, into: y, in: Arena(pool: ThreadPool(threads: count)))
            return y.view.values
        }
        #expect(results[0] == results[1])
    }

    /// Sequences of any lengths: each is near its scalar twin, and does not depend on the others, to the last bit.
    @Test(arguments: seeds, Precision.allCases)
    func lstmOverSeveralSequencesMatchesItsTwin(seed: UInt64, precision: Precision) {
        var random = RandomMatrices(seed: seed)
        let (inputs, hidden) = (random.size(1...20), precision == .int8 ? random.size(64...90) : random.size(1...37))
        let lengths = (0..<random.size(1...9)).map { _ in random.size(1...150) }.sorted(by: >)
        let clips = lengths.map { random.matrix($0, inputs, scale: 2).view }
        let layers = [inputs, 2 * hidden].map { inputs in
            let directions = [false, true].map { backward in
                Direction(
                    inputWeight: random.matrix(4 * hidden, inputs).view,
                    recurrentWeight: random.matrix(4 * hidden, hidden, scale: 0.1).view,
                    bias: random.matrix(1, 4 * hidden).view
                ).layer(backward: backward, precision: precision)
            }
            return BidirectionalLSTM.Layer(forward: directions[0], backward: directions[1])
        }
        let lstm = BidirectionalLSTM(layers: layers)
        func together(_ numbers: [Int], threads: Int) -> [[Float]] {
            let arena = Arena(pool: ThreadPool(threads: threads))
            let sequences = PackedSequence(numbers.map { lengths[$0] })
            let (x, y) = (arena.matrix(sequences.steps, inputs), arena.matrix(sequences.steps, 2 * hidden))
            for (place, number) in numbers.enumerated() { x.rows(sequences.rows(place)).copy(clips[number]) }
            y.fill(.nan)
            lstm(x.view, sequences, into: y, in: arena)
            return numbers.indices.map { y.view.rows(sequences.rows($0)).values }
        }
        let all = together(Array(lengths.indices), threads: seed.isMultiple(of: 2) ? 1 : 2)
        let some = together(lengths.indices.filter { $0.isMultiple(of: 2) }, threads: 1)
        for (number, clip) in clips.enumerated() {
            if number.isMultiple(of: 2) { #expect(all[number] == some[number / 2]) }
            let alone = random.arena.matrix(clip.rows, 2 * hidden)
            lstm(clip, into: alone, in: random.arena)
            // A number that is rounded differently in 8 bits is one step off.
            let tolerance: Float = precision == .int8 ? 0.03 : 1e-5
            let error = zip(all[number], alone.view.values).map { abs($0 - $1) }.max() ?? 0
            #expect(error < tolerance, "\(lengths) at \(number)")
        }
    }

    @Test(arguments: seeds) func feedForwardMatchesItsTwin(seed: UInt64) {
        var random = RandomMatrices(seed: seed)
        let (width, inner) = (random.size(1...20), random.size(1...50))
        let x = random.matrix(random.size(1...9), width)
        let (innerWeight, innerBias) = (random.matrix(inner, width).view, random.matrix(1, inner).view)
        let outerWeight = random.matrix(width, inner).view
        let layer = FeedForward(
            inner: Linear(weight: innerWeight, bias: innerBias), outer: Linear(weight: outerWeight, bias: nil))
        let y = random.arena.matrix(x.rows, width)
        layer(x.view, into: y, in: random.arena)
        let bias = innerBias.doubles[0]
        let hidden = Scalar.multiply(x.view.doubles, transposed: innerWeight.doubles).map {
            zip($0, bias).map { Scalar.gelu($0 + $1) }
        }
        #expect(y.view.difference(from: Scalar.multiply(hidden, transposed: outerWeight.doubles)) < 1e-4)
    }
}

/// The weights of one direction, kept in memory for the computation.
private struct Direction {
    let inputWeight: Matrix
    let recurrentWeight: Matrix
    let bias: Matrix

    func layer(backward: Bool, precision: Precision = .fp32) -> LSTMDirection {
        LSTMDirection(
            inputWeight: inputWeight, recurrentWeight: recurrentWeight, bias: bias, backward: backward,
            precision: precision)
    }
}
