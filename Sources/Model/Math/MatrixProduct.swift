import CEmotionKernels

/// A matrix product by its shape: [rows, depth] · [depth, outputs].
public struct MatrixProduct: Hashable, Sendable {
    public enum Kind: String, Sendable {
        /// By weights, which are packed once.
        case weights
        /// By other activations, as in the attention.
        case activations
        /// A step of a recurrence: one row, added to what is there.
        case recurrence
    }

    public let kind: Kind
    public let rows: Int
    public let depth: Int
    public let outputs: Int

    init(_ kind: Kind, rows: Int, depth: Int, outputs: Int) {
        self.kind = kind
        self.rows = rows
        self.depth = depth
        self.outputs = outputs
    }

    /// Multiply-accumulates.
    public var macs: Int { rows * depth * outputs }

    /// Measures the seconds of processor time that the product takes in fp32 with a back end, on this thread and random
    /// numbers: the least of several trials, of which each takes a millisecond or more.
    public func time(with backEnd: BackEnd) -> Double {
        let arena = Arena()
        let x = arena.matrix(rows, depth)
        let w = arena.matrix(outputs, depth)
        let y = arena.matrix(rows, outputs)
        x.fillWithNoise()
        w.fillWithNoise()
        y.fill(0)
        let packed =
            kind == .activations ? nil : PackedWeights(w.view, bias: nil, precision: .fp32, backEnd: backEnd)
        let calls = max(1, 20_000_000 / macs)
        var least = Double.infinity
        for _ in 0..<8 {
            let start = ck_thread_time()
            for call in 0..<calls {
                switch (kind, packed) {
                case (.weights, let packed?): packed.multiply(x.view, into: y, on: arena.pool)
                case (.recurrence, let packed?):
                    packed.add(
                        x.view, to: y, outputs: 0..<outputs, backwards: !call.isMultiple(of: 2), on: arena.pool)
                default: multiply(x.view, transposed: w.view, into: y, backEnd: backEnd, on: arena.pool)
                }
            }
            least = min(least, (ck_thread_time() - start) / Double(calls))
        }
        return least
    }
}

extension MutableMatrix {
    /// Fills the matrix with pseudo-random numbers, uniform in ±1 and the same in each call.
    fileprivate func fillWithNoise() {
        var state: UInt32 = 1
        for row in 0..<rows {
            for column in 0..<columns {
                state = state &* 1_664_525 &+ 1_013_904_223
                self[row, column] = Float(state >> 8) / Float(1 << 23) - 1
            }
        }
    }
}
