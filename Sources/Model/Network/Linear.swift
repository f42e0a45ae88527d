/// y = x·Wᵀ + b. W lies [outputs, inputs], as PyTorch stores it.
struct Linear: Sendable {
    let weight: Matrix
    /// [1, outputs]; nil for none.
    let bias: Matrix?

    var inputs: Int { weight.columns }
    var outputs: Int { weight.rows }

    /// x [frames, inputs] → y [frames, outputs].
    func callAsFunction(_ x: Matrix, into y: MutableMatrix) {
        if let bias { y.repeatRow(bias) }
        multiply(x, transposed: weight, into: y, accumulate: bias != nil)
    }

    /// x [frames, inputs] → [frames, outputs], taken from the arena.
    func callAsFunction(_ x: Matrix, in arena: Arena) -> MutableMatrix {
        let y = arena.matrix(x.rows, outputs)
        self(x, into: y)
        return y
    }
}

/// Linear, exact GELU, Linear.
struct FeedForward: Sendable {
    let inner: Linear
    let outer: Linear

    /// x [frames, width] → y [frames, width].
    func callAsFunction(_ x: Matrix, into y: MutableMatrix, in arena: Arena) {
        arena.scope {
            let hidden = inner(x, in: arena)
            hidden.gelu()
            outer(hidden.view, into: y)
        }
    }
}
