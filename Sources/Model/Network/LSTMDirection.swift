import CEmotionKernels

/// One direction of one layer of an LSTM, gates in PyTorch's order: input, forget, cell, output.
struct LSTMDirection: Sendable {
    let input: Linear
    let recurrent: PackedWeights
    let backward: Bool

    /// inputWeight [4·hidden, inputs], recurrentWeight [4·hidden, hidden], bias [1, 4·hidden]: PyTorch's two together.
    init(
        inputWeight: Matrix, recurrentWeight: Matrix, bias: Matrix, backward: Bool, precision: Precision = .fp32
    ) {
        input = Linear(weight: inputWeight, bias: bias, precision: precision)
        recurrent = PackedWeights(recurrentWeight, bias: nil, precision: precision)
        self.backward = backward
    }

    var hidden: Int { recurrent.inputs }

    /// What the input contributes to the gates: x [steps, inputs] → [steps, 4·hidden].
    func gates(_ x: Matrix, in arena: Arena) -> MutableMatrix { input(x, in: arena) }

    /// Whether the recurrent weights are more than one processor's second-level cache keeps, and units can be shared out
    /// to that many threads.
    func divides(among threads: Int) -> Bool {
        recurrent.bytes > 3 << 19 && hidden.isMultiple(of: threads * recurrent.panel)
    }

    /// gates [steps, 4·hidden] (overwritten) → y [steps, hidden], from a zero state; `y` may be columns of a wider matrix.
    ///
    /// - Parameter cells: [1, hidden], overwritten.
    /// - Parameter units: those that this call computes; after each step it waits in `barrier` for the calls that compute the
    ///   others.
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

    /// One step of a stream: gates [1, 4·hidden], what the input contributes (overwritten); state and cell [1, hidden], of
    /// the step before and then of this one.
    func step(_ gates: MutableMatrix, state: MutableMatrix, cell: MutableMatrix, on pool: ThreadPool) {
        precondition(gates.count == 4 * hidden && state.count == hidden && cell.count == hidden)
        add(state.view, to: gates, units: 0..<hidden, odd: false, on: pool)
        unsafe ck_lstm_cell(gates.base, hidden, cell.base, state.base, hidden)
    }

    /// Adds to the gates of those units what the state contributes.
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
