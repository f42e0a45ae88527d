import EmotionCore
import Glibc

/// Mel spectra of a signal's frames: each frame under a periodic Hann window, its power spectrum, the bands' energies.
/// Threads take some frames each. Compute with it on one engine at a time.
final class MelSpectra {
    /// Frames that a thread takes at a time.
    private static let together = 32

    private let size: Int
    private let filterbank: MelFilterbank
    private let window: Matrix
    /// One for each thread, made when first needed.
    private var transforms: [RealFFT] = []
    /// Signals before, the latest at the end.
    private var past: [FrameCache] = []
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
        past = (0..<signals).map { _ in FrameCache() }
        self.spacing = spacing
    }

    /// energies [frames, bands] ← those of the frames of `signal` [1, samples] that start every `hop` samples.
    func compute(_ signal: Matrix, hop: Int, into energies: MutableMatrix, in arena: Arena) {
        let pool = arena.pool
        while transforms.count < pool.threads { transforms.append(RealFFT(size: size)) }
        let known = lookup(signal, hop: hop, into: energies)
        arena.scope {
            let powers = arena.matrix(pool.threads, filterbank.bins)
            let work = Frames(owner: self, signal: signal, hop: hop, energies: energies, known: known, powers: powers)
            pool.forEach((energies.rows + MelSpectra.together - 1) / MelSpectra.together, work)
        }
        past.last?.store(signal, energies.view)
    }

    /// Copies the frames that are known, and says which. The last of `past` is then what knew them, or what has not been used for
    /// longest.
    private func lookup(_ signal: Matrix, hop: Int, into energies: MutableMatrix) -> Range<Int> {
        // By index: a loop over the array would hold it, and moving an element would copy it.
        for index in past.indices.reversed() {
            let found = past[index].lookup(signal, size: size, hop: hop, spacing: spacing, into: energies)
            guard let known = found else { continue }
            past.append(past.remove(at: index))
            return known
        }
        if !past.isEmpty { past.append(past.removeFirst()) }
        return 0..<0
    }

    /// Some frames at each index; `powers` has room for one spectrum a thread.
    private struct Frames: ParallelTask {
        let owner: MelSpectra
        let signal: Matrix
        let hop: Int
        let energies: MutableMatrix
        let known: Range<Int>
        let powers: MutableMatrix

        func callAsFunction(_ index: Int, serial: ThreadPool, worker: Int) {
            let power = powers.rows(worker..<(worker + 1))
            let first = index * MelSpectra.together
            for frame in first..<min(first + MelSpectra.together, energies.rows) where !known.contains(frame) {
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
