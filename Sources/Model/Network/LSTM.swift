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

    /// gates [steps, 4·hidden] (overwritten) → y [steps, hidden], from a zero state; `y` may be columns of a wider matrix.
    /// `scratch` has 5·hidden numbers.
    func recur(_ gates: MutableMatrix, into y: MutableMatrix, scratch: MutableMatrix, on team: Team) {
        let steps = gates.rows
        precondition(gates.columns == 4 * hidden && y.rows == steps && y.columns == hidden)
        let cell = scratch.columns(0..<hidden)
        let sums = scratch.columns(hidden..<(5 * hidden))
        cell.fill(0)
        for index in 0..<steps {
            let step = backward ? steps - 1 - index : index
            let row = gates.rows(step..<(step + 1))
            if index > 0 {
                let previous = backward ? step + 1 : step - 1
                recurrent.multiply(y.view.rows(previous..<(previous + 1)), into: sums, on: team)
                row.add(sums.view)
            }
            let state = y.rows(step..<(step + 1))
            unsafe ck_lstm_cell(row.base, cell.base, state.base, hidden)
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
        let hidden = outputs / 2
        arena.scope {
            var input = x
            for (index, layer) in layers.enumerated() {
                let output = index == layers.count - 1 ? y : arena.matrix(x.rows, outputs)
                let gates = (layer.forward.gates(input, in: arena), layer.backward.gates(input, in: arena))
                let scratch = arena.matrix(2, 5 * hidden)
                arena.team.forEach(2, Recurrences(layer: layer, gates: gates, output: output, scratch: scratch))
                input = output.view
            }
        }
    }

    /// A direction at each index. The recurrences are serial, but do not depend on one another.
    private struct Recurrences: TeamWork {
        let layer: Layer
        let gates: (forward: MutableMatrix, backward: MutableMatrix)
        let output: MutableMatrix
        let scratch: MutableMatrix

        func callAsFunction(_ side: Int, alone: Team, worker: Int) {
            let (direction, gates) = side == 0 ? (layer.forward, gates.forward) : (layer.backward, gates.backward)
            let hidden = direction.hidden
            direction.recur(
                gates, into: output.columns((side * hidden)..<((side + 1) * hidden)),
                scratch: scratch.rows(side..<(side + 1)), on: alone)
        }
    }
}
