import CEmotionKernels

/// The recurrence over several sequences at once: the weights are read once for each step of all sequences, rather than
/// once for each step of each sequence.
extension LSTMDirection {
    /// x [steps of all sequences, inputs] → y [steps of all sequences, hidden]; each sequence starts from a zero state.
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

    /// Computes step `index` of each sequence that is longer than `index`.
    private func step(
        _ index: Int, of part: Range<Int>, _ sequences: PackedSequence, into y: MutableMatrix, buffers: BatchBuffers,
        on pool: ThreadPool
    ) {
        let count = sequences.longer(than: index)
        // A product of one row sums in another order than one of several rows; with at least two, the result of a
        // sequence does not depend on the number of sequences beside it.
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

    /// The buffers for one direction of several sequences.
    struct BatchBuffers {
        /// Steps whose gates are computed and kept at a time.
        static let steps = 64

        /// products [rows, 4·hidden], states [rows, hidden], cells [rows, hidden]: a row for each sequence, at least
        /// two.
        let products: MutableMatrix
        let states: MutableMatrix
        let cells: MutableMatrix
        /// The gates, [sequences · steps, 4·hidden].
        private let gates: MutableMatrix

        init(sequences: Int, hidden: Int, in arena: Arena) {
            let rows = max(2, sequences)
            products = arena.matrix(rows, 4 * hidden)
            states = arena.matrix(rows, hidden)
            cells = arena.matrix(rows, hidden)
            gates = arena.matrix(sequences * BatchBuffers.steps, 4 * hidden)
        }

        /// The gates of some of the kept steps of one sequence.
        func gates(of number: Int, _ places: Range<Int>) -> MutableMatrix {
            gates.rows(
                (number * BatchBuffers.steps + places.lowerBound)..<(number * BatchBuffers.steps + places.upperBound))
        }
    }
}
