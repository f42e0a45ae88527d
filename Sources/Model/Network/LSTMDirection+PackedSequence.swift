import CEmotionKernels

/// Several sequences at once: the weights are read once for a step of all of them, where the serial recurrence reads them
/// for each.
extension LSTMDirection {
    /// x [steps of all sequences, inputs] → y [as many, hidden], each sequence from a zero state.
    func recur(
        _ x: Matrix, _ sequences: PackedSequence, into y: MutableMatrix, buffers: BatchBuffers, on pool: ThreadPool
    ) {
        precondition(x.rows == sequences.steps && y.rows == x.rows && y.columns == hidden)
        buffers.states.fill(0)
        buffers.cells.fill(0)
        for first in stride(from: 0, to: sequences.longest, by: BatchBuffers.steps) {
            let part = first..<min(first + BatchBuffers.steps, sequences.longest)
            for number in 0..<sequences.longer(than: first) {
                let rows = sequences.rows(number, part, backward: backward)
                input(x.rows(rows), into: buffers.gates(of: number, 0..<rows.count), on: pool)
            }
            for index in part {
                step(index, of: part, sequences, into: y, buffers: buffers, on: pool)
            }
        }
    }

    /// A step of each sequence that has so many.
    private func step(
        _ index: Int, of part: Range<Int>, _ sequences: PackedSequence, into y: MutableMatrix, buffers: BatchBuffers,
        on pool: ThreadPool
    ) {
        let count = sequences.longer(than: index)
        // A product with one row adds in another order than one with more, and what a sequence gives should not depend on
        // those beside it.
        let products = buffers.products.rows(0..<max(2, count))
        recurrent.multiply(buffers.states.view.rows(0..<products.rows), into: products, on: pool)
        for number in 0..<count {
            let row = sequences.row(number, index, backward: backward)
            let offset = row - sequences.rows(number, part, backward: backward).lowerBound
            let one = number..<(number + 1)
            let gates = buffers.gates(of: number, offset..<(offset + 1))
            gates.add(products.view.rows(one))
            let state = buffers.states.rows(one)
            unsafe ck_lstm_cell(gates.base, hidden, buffers.cells.rows(one).base, state.base, hidden)
            y.rows(row..<(row + 1)).copy(state.view)
        }
    }

    /// The intermediate results of a direction of several sequences.
    struct BatchBuffers {
        /// Steps whose gates are kept at a time.
        static let steps = 64

        /// [rows, 4·hidden], [rows, hidden], [rows, hidden]; as many rows as there are sequences, but at least two.
        let products: MutableMatrix
        let states: MutableMatrix
        let cells: MutableMatrix
        /// `steps` rows [4·hidden] for each sequence.
        private let gates: MutableMatrix

        init(sequences: Int, hidden: Int, in arena: Arena) {
            let rows = max(2, sequences)
            products = arena.matrix(rows, 4 * hidden)
            states = arena.matrix(rows, hidden)
            cells = arena.matrix(rows, hidden)
            gates = arena.matrix(sequences * BatchBuffers.steps, 4 * hidden)
        }

        /// Some of the gates of one sequence.
        func gates(of number: Int, _ places: Range<Int>) -> MutableMatrix {
            gates.rows(
                (number * BatchBuffers.steps + places.lowerBound)..<(number * BatchBuffers.steps + places.upperBound))
        }
    }
}
