/// A linear layer: y = x·Wᵀ + b.
struct Linear: Sendable {
    private let weights: PackedWeights

    /// weight [outputs, inputs], as PyTorch stores it; bias [1, outputs], or nil for none.
    init(weight: Matrix, bias: Matrix?, precision: Precision = .fp32) {
        weights = PackedWeights(weight, bias: bias, precision: precision)
    }

    var inputs: Int { weights.inputs }
    var outputs: Int { weights.outputs }

    /// x [frames, inputs] → y [frames, outputs].
    func callAsFunction(
        _ x: Matrix, into y: MutableMatrix, activation: PackedWeights.Activation = .none, on pool: ThreadPool
    ) {
        weights.multiply(x, into: y, activation: activation, on: pool)
    }

    /// x [frames, inputs] → [frames, outputs], allocated from the arena.
    func callAsFunction(
        _ x: Matrix, activation: PackedWeights.Activation = .none, in arena: Arena
    ) -> MutableMatrix {
        let y = arena.matrix(x.rows, outputs)
        self(x, into: y, activation: activation, on: arena.pool)
        return y
    }
}

/// A feed-forward block: linear, exact GELU, linear.
struct FeedForward: Sendable {
    let inner: Linear
    let outer: Linear

    /// x [frames, width] → y [frames, width].
    func callAsFunction(_ x: Matrix, into y: MutableMatrix, in arena: Arena) {
        arena.scope {
            let hidden = inner(x, activation: .gelu, in: arena)
            outer(hidden.view, into: y, on: arena.pool)
        }
    }
}
