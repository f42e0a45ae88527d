/// A stack of bidirectional LSTM layers.
struct BidirectionalLSTM: Sendable {
    struct Layer: Sendable {
        let forward: LSTMDirection
        let backward: LSTMDirection
    }

    let layers: [Layer]

    /// Width of the output, twice the hidden size: the forward state, then the backward state.
    var outputs: Int { 2 * layers[0].forward.hidden }

    /// x [steps, inputs] → y [steps, outputs].
    func callAsFunction(_ x: Matrix, into y: MutableMatrix, in arena: Arena) {
        let (pool, hidden) = (arena.pool, outputs / 2)
        forEachLayer(x, into: y, in: arena) { layer, input, output in
            let forward = DirectionPass(layer.forward, of: input, into: output.columns(0..<hidden), in: arena)
            let backward = DirectionPass(layer.backward, of: input, into: output.columns(hidden..<outputs), in: arena)
            if layer.forward.divides(among: pool.threads), pool.barriersPay() {
                pool.forEach(pool.threads, DividedDirection(side: forward, pool: pool))
                pool.forEach(pool.threads, DividedDirection(side: backward, pool: pool))
            } else {
                pool.forEach(2, ParallelDirections(forward: forward, backward: backward))
            }
        }
    }

    /// Processes several sequences at once: x [steps of all sequences, inputs] → y [steps of all sequences, outputs].
    func callAsFunction(_ x: Matrix, _ sequences: PackedSequence, into y: MutableMatrix, in arena: Arena) {
        let hidden = outputs / 2
        arena.scope {
            let buffers = (0..<2).map { _ in
                LSTMDirection.BatchBuffers(sequences: sequences.count, hidden: hidden, in: arena)
            }
            forEachLayer(x, into: y, in: arena) { layer, input, output in
                arena.pool.forEach(
                    2, BatchedDirections(layer: layer, x: input, sequences: sequences, y: output, buffers: buffers))
            }
        }
    }

    /// Calls `body` with each layer, its input and its output, which is `y` for the last layer.
    private func forEachLayer(
        _ x: Matrix, into y: MutableMatrix, in arena: Arena, _ body: (Layer, Matrix, MutableMatrix) -> Void
    ) {
        arena.scope {
            var input = x
            for (index, layer) in layers.enumerated() {
                let output = index == layers.count - 1 ? y : arena.matrix(x.rows, outputs)
                body(layer, input, output)
                input = output.view
            }
        }
    }

    /// A direction with its buffers: the gates [steps, 4·hidden] that the input contributes to, the output and the
    /// cells.
    private struct DirectionPass {
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

    /// The task that runs one direction at each index: the steps of a direction are serial, but the two directions are
    /// independent.
    private struct ParallelDirections: ParallelTask {
        let forward: DirectionPass
        let backward: DirectionPass

        func callAsFunction(_ index: Int, serial: ThreadPool, worker: Int) {
            let side = index == 0 ? forward : backward
            side.direction.recur(
                side.gates, into: side.output, cells: side.cells, units: 0..<side.direction.hidden, on: serial)
        }
    }

    /// The task that runs one direction of several sequences at each index.
    private struct BatchedDirections: ParallelTask {
        let layer: Layer
        let x: Matrix
        let sequences: PackedSequence
        let y: MutableMatrix
        let buffers: [LSTMDirection.BatchBuffers]

        func callAsFunction(_ index: Int, serial: ThreadPool, worker: Int) {
            let direction = index == 0 ? layer.forward : layer.backward
            let columns = (index * direction.hidden)..<((index + 1) * direction.hidden)
            direction.recur(x, sequences, into: y.columns(columns), buffers: buffers[index], on: serial)
        }
    }

    /// The task that runs a share of one direction's units at each index, with a barrier after each step. Each core's
    /// cache then holds its share of the weights, which a single core would read from memory at each step.
    private struct DividedDirection: ParallelTask {
        let side: DirectionPass
        let pool: ThreadPool

        func callAsFunction(_ index: Int, serial: ThreadPool, worker: Int) {
            let share = side.direction.hidden / pool.threads
            side.direction.recur(
                side.gates, into: side.output, cells: side.cells, units: (index * share)..<((index + 1) * share),
                on: serial,
                barrier: { pool.barrier() })
        }
    }
}
