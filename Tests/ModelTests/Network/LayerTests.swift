import Testing

@testable import Model

/// Each layer against its scalar twin on random shapes.
@Suite struct LayerTests {
    static let seeds: Range<UInt64> = 1..<13

    @Test(arguments: seeds) func convolution(seed: UInt64) {
        var random = RandomMatrices(seed: seed)
        // Wide and narrow inputs take different paths: windows in place, windows copied out, taps a stride at a time.
        let inputs = seed.isMultiple(of: 2) ? random.size(1...20) : random.size(90...120)
        let (taps, stride, outputs) = (random.size(1...7), random.size(1...5), random.size(1...9))
        let x = random.matrix(random.size(taps...40), inputs)
        let weight = random.matrix(outputs, taps * inputs)
        let bias = seed.isMultiple(of: 3) ? nil : random.matrix(1, outputs).view
        let layer = Convolution(weight: weight.view, bias: bias, taps: taps, stride: stride)
        let y = random.arena.matrix(layer.frames(x.rows), outputs)
        y.fill(.nan)
        layer(x.view, into: y, in: random.arena)
        let expected = Scalar.convolve(
            x.view.doubles, weight.view.doubles, bias: bias?.doubles[0] ?? [Double](repeating: 0, count: outputs),
            taps: taps, stride: stride, frames: (x.rows - taps) / stride + 1)
        #expect(y.view.difference(from: expected) < 1e-4, "\(inputs) inputs, \(taps) taps, stride \(stride)")
    }

    @Test(arguments: seeds) func positionConvolution(seed: UInt64) {
        var random = RandomMatrices(seed: seed)
        // Wide groups make few taps fit side by side, so that several products add up.
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

    @Test(arguments: seeds) func attentionOverHeads(seed: UInt64) {
        var random = RandomMatrices(seed: seed)
        let (heads, width, keys) = (random.size(1...4), random.size(1...9), random.size(1...30))
        // More queries than are taken at once, now and then.
        let queries = seed == 1 ? 1100 : random.size(1...40)
        let q = random.matrix(queries, heads * width, scale: 3)
        let k = random.matrix(keys, heads * width, scale: 3)
        let v = random.matrix(keys, heads * width)
        let output = random.arena.matrix(queries, heads * width)
        attend(queries: q.view, keys: k.view, values: v.view, heads: heads, into: output, in: random.arena)
        let expected = Scalar.attend(q.view.doubles, k.view.doubles, v.view.doubles, heads: heads)
        #expect(output.view.difference(from: expected) < 1e-5)
    }

    @Test(arguments: seeds) func lstmBothDirections(seed: UInt64) {
        var random = RandomMatrices(seed: seed)
        let (inputs, hidden, steps) = (random.size(1...20), random.size(1...37), random.size(1...40))
        let x = random.matrix(steps, inputs, scale: 2)
        func direction(inputs: Int, backward: Bool) -> LSTMDirection {
            LSTMDirection(
                inputWeight: random.matrix(4 * hidden, inputs).view,
                recurrentWeight: random.matrix(4 * hidden, hidden, scale: 0.5).view,
                bias: random.matrix(1, 4 * hidden).view, backward: backward)
        }
        let layers = [inputs, 2 * hidden].map {
            BidirectionalLSTM.Layer(
                forward: direction(inputs: $0, backward: false), backward: direction(inputs: $0, backward: true))
        }
        let y = random.arena.matrix(steps, 2 * hidden)
        BidirectionalLSTM(layers: layers)(x.view, into: y, in: random.arena)
        let expected = layers.reduce(x.view.doubles) { input, layer in
            let halves = [layer.forward, layer.backward].map {
                Scalar.lstm(
                    input, input: $0.inputWeight.doubles, recurrent: $0.recurrentWeight.doubles,
                    bias: $0.bias.doubles[0], backward: $0.backward)
            }
            return zip(halves[0], halves[1]).map { $0 + $1 }
        }
        #expect(y.view.difference(from: expected) < 1e-5)
    }

    @Test(arguments: seeds) func feedForward(seed: UInt64) {
        var random = RandomMatrices(seed: seed)
        let (width, inner) = (random.size(1...20), random.size(1...50))
        let x = random.matrix(random.size(1...9), width)
        let layer = FeedForward(
            inner: Linear(weight: random.matrix(inner, width).view, bias: random.matrix(1, inner).view),
            outer: Linear(weight: random.matrix(width, inner).view, bias: nil))
        let y = random.arena.matrix(x.rows, width)
        layer(x.view, into: y, in: random.arena)
        let bias = layer.inner.bias!.doubles[0]
        let hidden = Scalar.multiply(x.view.doubles, transposed: layer.inner.weight.doubles).map {
            zip($0, bias).map { Scalar.gelu($0 + $1) }
        }
        #expect(y.view.difference(from: Scalar.multiply(hidden, transposed: layer.outer.weight.doubles)) < 1e-4)
    }
}
