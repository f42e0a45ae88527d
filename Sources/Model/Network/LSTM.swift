import CKernels

/// One direction of one layer of an LSTM, gates in PyTorch's order: input, forget, cell, output.
struct LSTMDirection: Sendable {
    /// [4·hidden, inputs].
    let inputWeight: Matrix
    /// [4·hidden, hidden].
    let recurrentWeight: Matrix
    /// [1, 4·hidden]: PyTorch's two biases together.
    let bias: Matrix
    let backward: Bool

    var hidden: Int { recurrentWeight.columns }

    /// x [steps, inputs] → y [steps, hidden], from a zero state; `y` may be columns of a wider matrix.
    func callAsFunction(_ x: Matrix, into y: MutableMatrix, in arena: Arena) {
        let steps = x.rows
        precondition(y.rows == steps && y.columns == hidden && recurrentWeight.isContiguous)
        arena.scope {
            let gates = Linear(weight: inputWeight, bias: bias)(x, in: arena)
            let cell = arena.matrix(1, hidden)
            cell.fill(0)
            for index in 0..<steps {
                let step = backward ? steps - 1 - index : index
                let row = gates.rows(step..<(step + 1))
                if index > 0 {
                    let previous = backward ? step + 1 : step - 1
                    let state = y.view.rows(previous..<(previous + 1))
                    unsafe ck_matvec_add(recurrentWeight.base, state.base, row.base, 4 * hidden, hidden)
                }
                let state = y.rows(step..<(step + 1))
                unsafe ck_lstm_cell(row.base, cell.base, state.base, hidden)
            }
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
                layer.forward(input, into: output.columns(0..<hidden), in: arena)
                layer.backward(input, into: output.columns(hidden..<(2 * hidden)), in: arena)
                input = output.view
            }
        }
    }
}
