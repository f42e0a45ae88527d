import EmotionCore
import Glibc

/// Mel spectra of a signal's frames: a periodic Hann window, the power spectrum, and the energies of the mel bands.
/// The frames are divided among the pool's threads. One engine at a time may use an instance.
final class MelSpectra {
    /// Frames that a thread takes at a time.
    private static let framesPerTask = 32

    private let size: Int
    private let filterbank: MelFilterbank
    private let window: Matrix
    /// A transform for each thread, created on first use.
    private var transforms: [RealFFT] = []
    /// Caches of earlier signals, the most recently used last.
    private var caches: [FrameCache] = []
    /// The shift between overlapping signals is a multiple of this many samples.
    private var spacing = 0

    /// Creates the window and the filters for signals at 16 kHz.
    ///
    /// - Parameter size: Samples in a frame, even.
    init(size: Int, bands: Int, scale: MelFilterbank.Scale) {
        self.size = size
        filterbank = MelFilterbank(
            bands: bands, fftSize: size, sampleRate: Double(AudioFormat.sampleRate), scale: scale)
        window = hannWindow(size, in: Arena())
    }

    /// Caches the frames of the last `signals` signals, and reuses them in a later signal that begins a multiple of
    /// `spacing` samples later. The results do not change, since frames are matched by comparing their samples.
    func enableCache(signals: Int, spacing: Int) {
        caches = (0..<signals).map { _ in FrameCache() }
        self.spacing = spacing
    }

    /// energies [frames, bands] ← the mel energies of `signal` [1, samples], whose frames start every `hop` samples.
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

    /// Copies the frames that a cache holds, and returns their range, which is empty if no cache holds any.
    ///
    /// The cache that is to store this signal moves to the end of `caches`: the one that was hit, else the least
    /// recently used.
    private func lookup(_ signal: Matrix, hop: Int, into energies: MutableMatrix) -> Range<Int> {
        // The loop is over indices: one over the array would retain it, and moving an element would then copy it.
        for index in caches.indices.reversed() {
            let found = caches[index].lookup(signal, size: size, hop: hop, spacing: spacing, into: energies)
            guard let cached = found else { continue }
            caches.append(caches.remove(at: index))
            return cached
        }
        if !caches.isEmpty { caches.append(caches.removeFirst()) }
        return 0..<0
    }

    /// The task that computes `framesPerTask` frames at each index; `powers` [threads, bins] is scratch memory.
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
