import EmotionCore
import Glibc

/// Mel spectra of a signal's frames: each frame under a periodic Hann window, its power spectrum, the bands' energies.
/// Threads take some frames each. Compute with it on one engine at a time.
final class MelSpectra {
    /// Frames that a thread takes at a time.
    private static let framesPerTask = 32

    private let size: Int
    private let filterbank: MelFilterbank
    private let window: Matrix
    /// One for each thread, made when first needed.
    private var transforms: [RealFFT] = []
    /// Signals before, the one used last at the end.
    private var caches: [FrameCache] = []
    /// Samples between the starts of two signals that overlap.
    private var spacing = 0

    /// At 16 kHz.
    /// - Parameter size: samples in a frame, even.
    init(size: Int, bands: Int, scale: MelFilterbank.Scale) {
        self.size = size
        filterbank = MelFilterbank(
            bands: bands, fftSize: size, sampleRate: Double(AudioFormat.sampleRate), scale: scale)
        window = hannWindow(size, in: Arena())
    }

    /// Keeps the frames of the last `signals` signals, and takes from there what it finds in a later one that begins a multiple
    /// of `spacing` samples further on: the same numbers, since they are found by their samples.
    func enableCache(signals: Int, spacing: Int) {
        caches = (0..<signals).map { _ in FrameCache() }
        self.spacing = spacing
    }

    /// energies [frames, bands] ← those of the frames of `signal` [1, samples] that start every `hop` samples.
    func compute(_ signal: Matrix, hop: Int, into energies: MutableMatrix, in arena: Arena) {
        let pool = arena.pool
        while transforms.count < pool.threads { transforms.append(RealFFT(size: size)) }
        let cached = lookup(signal, hop: hop, into: energies)
        arena.scope {
            let powers = arena.matrix(pool.threads, filterbank.bins)
            let work = Frames(owner: self, signal: signal, hop: hop, energies: energies, cached: cached, powers: powers)
            pool.forEach((energies.rows + MelSpectra.framesPerTask - 1) / MelSpectra.framesPerTask, work)
        }
        caches.last?.store(signal, energies.view)
    }

    /// Copies the frames that a cache holds, and returns which they are. That cache moves to the end of `caches`; where none holds any,
    /// the one that was not used for longest does.
    private func lookup(_ signal: Matrix, hop: Int, into energies: MutableMatrix) -> Range<Int> {
        // By index: a loop over the array would hold it, and moving an element would copy it.
        for index in caches.indices.reversed() {
            let found = caches[index].lookup(signal, size: size, hop: hop, spacing: spacing, into: energies)
            guard let cached = found else { continue }
            caches.append(caches.remove(at: index))
            return cached
        }
        if !caches.isEmpty { caches.append(caches.removeFirst()) }
        return 0..<0
    }

    /// Some frames at each index; `powers` has room for one spectrum a thread.
    private struct Frames: ParallelTask {
        let owner: MelSpectra
        let signal: Matrix
        let hop: Int
        let energies: MutableMatrix
        let cached: Range<Int>
        let powers: MutableMatrix

        func callAsFunction(_ index: Int, serial: ThreadPool, worker: Int) {
            let power = powers.rows(worker..<(worker + 1))
            let first = index * MelSpectra.framesPerTask
            for frame in first..<min(first + MelSpectra.framesPerTask, energies.rows) where !cached.contains(frame) {
                let samples = signal.columns((frame * hop)..<(frame * hop + owner.size))
                owner.transforms[worker].power(of: samples, window: owner.window, into: power)
                owner.filterbank.apply(power.view, into: energies.rows(frame..<(frame + 1)))
            }
        }
    }
}

/// One period of a Hann window of `size` points: ½ − ½·cos(2πn / size).
func hannWindow(_ size: Int, in arena: Arena) -> Matrix {
    let window = arena.matrix(1, size)
    for index in 0..<size {
        window[0, index] = Float(0.5 - 0.5 * cos(2 * Double.pi * Double(index) / Double(size)))
    }
    return window.view
}
