/// Scaled dot-product attention over heads that are side by side in the columns.
///
/// queries [m, inner], keys and values [n, inner] → output [m, inner]. Each thread takes one head and at most 512
/// queries at a time, so that the scores of a long clip need little memory.
func attend(
    queries: Matrix, keys: Matrix, values: Matrix, heads: Int, into output: MutableMatrix, in arena: Arena
) {
    let inner = queries.columns
    precondition(heads > 0 && inner.isMultiple(of: heads) && keys.rows == values.rows && keys.rows > 0)
    precondition(keys.columns == inner && values.columns == inner)
    precondition(output.rows == queries.rows && output.columns == inner)
    let block = min(512, queries.rows)
    let blocks = (queries.rows + block - 1) / block
    arena.scope {
        let buffers = arena.matrix(arena.pool.threads * block, keys.rows)
        arena.pool.forEach(
            heads * blocks,
            HeadWork(
                queries: queries, keys: keys, values: values, output: output, heads: heads, block: block,
                buffers: buffers))
    }
}

/// The task that computes one head and one block of queries at each index; `buffers` [threads · block, keys] hold the
/// scores.
private struct HeadWork: ParallelTask {
    let queries, keys, values: Matrix
    let output: MutableMatrix
    let heads: Int
    let block: Int
    let buffers: MutableMatrix

    func callAsFunction(_ index: Int, serial: ThreadPool, worker: Int) {
        let width = queries.columns / heads
        let start = index / heads * block
        let rows = start..<min(start + block, queries.rows)
        let columns = (index % heads * width)..<((index % heads + 1) * width)
        let scores = buffers.rows((worker * block)..<(worker * block + rows.count))
        multiply(
            queries.rows(rows).columns(columns), transposed: keys.columns(columns), into: scores,
            scale: 1 / Float(width).squareRoot(), on: serial)
        scores.softmax()
        multiply(scores.view, values.columns(columns), into: output.rows(rows).columns(columns), on: serial)
    }
}

/// Attention with separate projections of queries, keys, values and result: the self-attention of wav2vec 2.0 and
/// Whisper, and CA-SER's cross-attention.
struct Attention: Sendable {
    let query: Linear
    let key: Linear
    let value: Linear
    let output: Linear
    let heads: Int

    /// x [m, width] attends to memory [n, width of memory] → y [m, width].
    func callAsFunction(_ x: Matrix, to memory: Matrix, into y: MutableMatrix, in arena: Arena) {
        arena.scope {
            let context = arena.matrix(x.rows, query.outputs)
            attend(
                queries: query(x, in: arena).view, keys: key(memory, in: arena).view,
                values: value(memory, in: arena).view, heads: heads, into: context, in: arena)
            output(context.view, into: y, on: arena.pool)
        }
    }
}

/// Self-attention of one head with the authors' fused projection, whose columns are the query, then the key, then the
/// value: the self-attention of CA-SER's feature encoder.
struct FusedSelfAttention: Sendable {
    /// [3·width, width].
    let projection: Linear
    let output: Linear

    /// x [frames, width] → y [frames, width].
    func callAsFunction(_ x: Matrix, into y: MutableMatrix, in arena: Arena) {
        arena.scope {
            let width = projection.inputs
            let fused = projection(x, in: arena).view
            let context = arena.matrix(x.rows, width)
            attend(
                queries: fused.columns(0..<width), keys: fused.columns(width..<(2 * width)),
                values: fused.columns((2 * width)..<(3 * width)), heads: 1, into: context, in: arena)
            output(context.view, into: y, on: arena.pool)
        }
    }
}
