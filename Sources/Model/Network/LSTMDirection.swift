import CEmotionKernels

/// One direction of one LSTM layer, with the gates in PyTorch's order: input, forget, cell, output.
struct LSTMDirection: Sendable {
    let input: Linear
    let recurrent: PackedWeights
    let backward: Bool

    /// inputWeight [4·hidden, inputs], recurrentWeight [4·hidden, hidden], bias [1, 4·hidden], the sum of PyTorch's two
    /// biases.
    init(
        inputWeight: Matrix, recurrentWeight: Matrix, bias: Matrix, backward: Bool, precision: Precision = .fp32
    ) {
        input = Linear(weight: inputWeight, bias: bias, precision: precision)
        recurrent = PackedWeights(recurrentWeight, bias: nil, precision: precision)
        self.backward = backward
    }

    var hidden: Int { recurrent.inputs }

    /// The contribution of the input to the gates: x [steps, inputs] → [steps, 4·hidden].
    func gates(_ x: Matrix, in arena: Arena) -> MutableMatrix { input(x, in: arena) }

    /// Whether the recurrent weights exceed the second-level cache of one processor (taken as 1.5 MiB), and the units
    /// divide evenly among `threads` threads.
    func divides(among threads: Int) -> Bool {
        recurrent.bytes > 3 << 19 && hidden.isMultiple(of: threads * recurrent.panel)
    }

    /// gates [steps, 4·hidden] (overwritten) → y [steps, hidden], from a zero state; `y` may be columns of a wider
    /// matrix.
    ///
    /// - Parameter cells: The cell states [1, hidden], overwritten.
    /// - Parameter units: The units that this call computes; other calls compute the rest in parallel.
    /// - Parameter barrier: A function called after each step, which waits for those other calls.
    func recur(
        _ gates: MutableMatrix, into y: MutableMatrix, cells: MutableMatrix, units: Range<Int>, on pool: ThreadPool,
        barrier: () -> Void = {}
    ) {
        let steps = gates.rows
        precondition(gates.columns == 4 * hidden && y.rows == steps && y.columns == hidden && cells.columns == hidden)
        let cell = cells.columns(units)
        cell.fill(0)
        for index in 0..<steps {
            let step = backward ? steps - 1 - index : index
            let row = gates.rows(step..<(step + 1))
            if index > 0 {
                let previous = backward ? step + 1 : step - 1
                add(y.view.rows(previous..<(previous + 1)), to: row, units: units, odd: index % 2 == 1, on: pool)
            }
            let state = y.rows(step..<(step + 1)).columns(units)
            unsafe ck_lstm_cell(row.columns(units).base, hidden, cell.base, state.base, units.count)
            barrier()
        }
    }

    /// Computes one step of a stream.
    ///
    /// - Parameter gates: The contribution of the input [1, 4·hidden], overwritten.
    /// - Parameter state: The state [1, hidden] of the previous step, replaced by that of this step.
    /// - Parameter cell: The cell state [1, hidden] of the previous step, replaced by that of this step.
    func step(_ gates: MutableMatrix, state: MutableMatrix, cell: MutableMatrix, on pool: ThreadPool) {
        precondition(gates.count == 4 * hidden && state.count == hidden && cell.count == hidden)
        add(state.view, to: gates, units: 0..<hidden, odd: false, on: pool)
        unsafe ck_lstm_cell(gates.base, hidden, cell.base, state.base, hidden)
    }

    /// Adds the contribution of the previous state to the gates of `units`.
    private func add(_ state: Matrix, to row: MutableMatrix, units: Range<Int>, odd: Bool, on pool: ThreadPool) {
        if units.count == hidden {
            recurrent.add(state, to: row, outputs: 0..<(4 * hidden), backwards: odd, on: pool)
            return
        }
        for index in 0..<4 {
            let start = (odd ? 3 - index : index) * hidden
            let outputs = (start + units.lowerBound)..<(start + units.upperBound)
            recurrent.add(state, to: row, outputs: outputs, backwards: odd, on: pool)
        }
    }
}
