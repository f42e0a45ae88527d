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

    /// Several sequences at once: x [steps of all, inputs] → y [as many, outputs].
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

    /// Calls `body` with each layer, what it reads and where it writes: the last one into `y`.
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

    /// A direction with its input's gates, its output and its cells.
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

    /// A direction at each index. The recurrences are serial, but do not depend on one another.
    private struct ParallelDirections: ParallelTask {
        let forward: DirectionPass
        let backward: DirectionPass

        func callAsFunction(_ index: Int, serial: ThreadPool, worker: Int) {
            let side = index == 0 ? forward : backward
            side.direction.recur(
                side.gates, into: side.output, cells: side.cells, units: 0..<side.direction.hidden, on: serial)
        }
    }

    /// A direction of several sequences at each index.
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

    /// Some of a direction's units at each index, all of them step by step together: each processor's cache keeps its share
    /// of weights that one alone would read from memory again for each step.
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
