/// A stack allocator for the activations of one engine, with the engine's thread pool. Each scope frees at its end all
/// that was allocated in it.
///
/// The first inference on clips of a given length allocates the memory; later ones allocate nothing. Views allocated
/// inside a scope must not be used after it.
final class Arena {
    private var chunks: [Chunk] = []
    private var current = 0
    private var used = 0
    private var peak = 0
    /// The threads that layers compute on.
    let pool: ThreadPool

    init(pool: ThreadPool = ThreadPool(threads: 1)) { self.pool = pool }

    /// The single-precision numbers that the arena has memory for.
    var capacity: Int { chunks.reduce(0) { $0 + $1.capacity } }

    /// Allocates a matrix, uninitialised and aligned to 64 bytes.
    func matrix(_ rows: Int, _ columns: Int) -> MutableMatrix {
        precondition(rows >= 0 && columns >= 0)
        let chunk = chunk(with: rows * columns)
        let start = unsafe chunk.take(rows * columns)
        return unsafe MutableMatrix(start, rows: rows, columns: columns, stride: columns, owner: chunk)
    }

    /// Allocates `count` double-precision numbers, uninitialised, for use as accumulators inside the scope.
    @unsafe func doubles(_ count: Int) -> UnsafeMutablePointer<Double> {
        let start = unsafe chunk(with: 2 * count).take(2 * count)
        return unsafe UnsafeMutableRawPointer(start).bindMemory(to: Double.self, capacity: count)
    }

    /// Runs `body`, then frees all that it allocated.
    func scope<Result, Failure: Error>(_ body: () throws(Failure) -> Result) throws(Failure) -> Result {
        let mark = (current, chunks.isEmpty ? 0 : chunks[current].used, used)
        defer {
            for index in mark.0..<max(chunks.count, mark.0) { chunks[index].used = 0 }
            current = mark.0
            if !chunks.isEmpty { chunks[current].used = mark.1 }
            used = mark.2
        }
        return try body()
    }

    /// Replaces several chunks by one of the peak size. It may be called only between inferences, with nothing in use.
    func settle() {
        precondition(used == 0)
        guard chunks.count > 1 else { return }
        chunks = [Chunk(capacity: peak)]
        current = 0
    }

    /// The first chunk, from the current one on, with room for `count` more numbers; a new one if there is none.
    private func chunk(with count: Int) -> Chunk {
        let size = Chunk.rounded(count)
        while current < chunks.count, chunks[current].capacity - chunks[current].used < size {
            current += 1
        }
        if current == chunks.count { chunks.append(Chunk(capacity: max(size, 1 << 18))) }
        used += size
        peak = max(peak, used)
        return chunks[current]
    }

    /// A block of memory that is handed out from its start, and is deallocated with the last view into it.
    @safe private final class Chunk {
        let capacity: Int
        var used = 0
        @unsafe private let base: UnsafeMutablePointer<Float>

        init(capacity: Int) {
            self.capacity = capacity
            let raw = UnsafeMutableRawPointer.allocate(byteCount: capacity * 4, alignment: 64)
            unsafe base = raw.bindMemory(to: Float.self, capacity: capacity)
        }

        deinit { unsafe base.deallocate() }

        /// Takes the next `count` numbers of the chunk.
        ///
        /// - Precondition: The chunk has room for them.
        @unsafe func take(_ count: Int) -> UnsafeMutablePointer<Float> {
            precondition(capacity - used >= Chunk.rounded(count))
            defer { used += Chunk.rounded(count) }
            return unsafe base + used
        }

        /// The count rounded up to a multiple of 16 numbers, 64 bytes.
        static func rounded(_ count: Int) -> Int { (max(count, 1) + 15) & ~15 }
    }
}
