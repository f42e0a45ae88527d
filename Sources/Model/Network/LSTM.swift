import CKernels

/// One direction of one layer of an LSTM, gates in PyTorch's order: input, forget, cell, output.
struct LSTMDirection: Sendable {
    private let input: Linear
    private let recurrent: PackedWeights
    private let backward: Bool

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
    /// - Parameter units: those that this call computes; after each step it waits in `meet` for the calls that compute the
    ///   others.
    func recur(
        _ gates: MutableMatrix, into y: MutableMatrix, cells: MutableMatrix, units: Range<Int>, on team: Team,
        meet: () -> Void = {}
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
                add(y.view.rows(previous..<(previous + 1)), to: row, units: units, odd: index % 2 == 1, on: team)
            }
            let state = y.rows(step..<(step + 1)).columns(units)
            unsafe ck_lstm_cell(row.columns(units).base, hidden, cell.base, state.base, units.count)
            meet()
        }
    }

    /// Adds to the gates of those units what the state contributes.
    private func add(_ state: Matrix, to row: MutableMatrix, units: Range<Int>, odd: Bool, on team: Team) {
        if units.count == hidden {
            recurrent.add(state, to: row, outputs: 0..<(4 * hidden), backwards: odd, on: team)
            return
        }
        for index in 0..<4 {
            let start = (odd ? 3 - index : index) * hidden
            let outputs = (start + units.lowerBound)..<(start + units.upperBound)
            recurrent.add(state, to: row, outputs: outputs, backwards: odd, on: team)
        }
    }
}

/// A stack of bidirectional LSTM layers.
struct BidirectionalLSTM: Sendable {
    struct Layer: Sendable {
        let forward: LSTMDirection
        let backward: LSTMDirection
    }

    let layers: [Layer]

    /// Twice the hidden size: the forward state, then the backward state.
    var outputs: Int { 2 * layers[0].forward.hidden }

    /// x [steps, inputs] → y [steps, outputs].
    func callAsFunction(_ x: Matrix, into y: MutableMatrix, in arena: Arena) {
        let (team, hidden) = (arena.team, outputs / 2)
        arena.scope {
            var input = x
            for (index, layer) in layers.enumerated() {
                let output = index == layers.count - 1 ? y : arena.matrix(x.rows, outputs)
                let forward = Side(layer.forward, of: input, into: output.columns(0..<hidden), in: arena)
                let backward = Side(layer.backward, of: input, into: output.columns(hidden..<outputs), in: arena)
                if layer.forward.divides(among: team.threads), team.meetsWell() {
                    team.forEach(team.threads, SharedSide(side: forward, team: team))
                    team.forEach(team.threads, SharedSide(side: backward, team: team))
                } else {
                    team.forEach(2, BothSides(forward: forward, backward: backward))
                }
                input = output.view
            }
        }
    }

    /// A direction with all that it works on.
    private struct Side {
        let direction: LSTMDirection
        let gates: MutableMatrix
        let output: MutableMatrix
        let cells: MutableMatrix

        init(_ direction: LSTMDirection, of input: Matrix, into output: MutableMatrix, in arena: Arena) {
            (self.direction, self.output) = (direction, output)
            gates = direction.gates(input, in: arena)
            cells = arena.matrix(1, direction.hidden)
        }
    }

    /// A direction at each index. The recurrences are serial, but do not depend on one another.
    private struct BothSides: TeamWork {
        let forward: Side
        let backward: Side

        func callAsFunction(_ index: Int, alone: Team, worker: Int) {
            let side = index == 0 ? forward : backward
            side.direction.recur(
                side.gates, into: side.output, cells: side.cells, units: 0..<side.direction.hidden, on: alone)
        }
    }

    /// Some of a direction's units at each index, all of them step by step together: each processor's cache keeps its share
    /// of weights that one alone would read from memory again for each step.
    private struct SharedSide: TeamWork {
        let side: Side
        let team: Team

        func callAsFunction(_ index: Int, alone: Team, worker: Int) {
            let share = side.direction.hidden / team.threads
            side.direction.recur(
                side.gates, into: side.output, cells: side.cells, units: (index * share)..<((index + 1) * share),
                on: alone,
                meet: { team.meet() })
        }
    }
}
