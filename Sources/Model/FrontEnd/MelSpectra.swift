import CEmotionKernels
import EmotionCore
import Glibc

/// Mel spectra of a signal's frames: a periodic Hann window, the power spectrum, and the energies of the mel bands.
/// The frames are divided among the pool's threads. One engine at a time may use an instance.
@safe final class MelSpectra {
    private let size: Int
    private let hop: Int
    private let bands: Int
    /// The tables of the transform and of the filters.
    @unsafe private let tables: OpaquePointer
    /// Caches of earlier signals, the most recently used last.
    private var caches: [FrameCache] = []
    /// The shift between overlapping signals is a multiple of this many samples.
    private var spacing = 0

    /// Creates the window and the filters for signals at 16 kHz.
    ///
    /// - Parameters:
    ///   - size: Samples in a frame: twice a product of powers of 2, 3 and 5.
    ///   - hop: Samples between the starts of two frames.
    convenience init(size: Int, hop: Int, bands: Int, scale: MelFilterbank.Scale) {
        let filterbank = MelFilterbank(
            bands: bands, fftSize: size, sampleRate: Double(AudioFormat.sampleRate), scale: scale)
        self.init(hop: hop, window: hannWindow(size), filters: filterbank.bands)
    }

    /// - Parameters:
    ///   - window: A factor for each sample of a frame.
    ///   - filters: The bands, each over bins in 0…size / 2.
    init(hop: Int, window: [Float], filters: [MelFilterbank.Band], backEnd: BackEnd = .chosen) {
        precondition(window.count >= 4 && window.count.isMultiple(of: 2) && hop > 0)
        precondition(filters.allSatisfy { $0.first >= 0 && $0.first + $0.weights.count <= window.count / 2 + 1 })
        size = window.count
        self.hop = hop
        bands = filters.count
        let weights = filters.flatMap(\.weights)
        let tables = unsafe weights.withUnsafeBufferPointer { weights in
            var start = 0
            let bands = unsafe filters.map { filter in
                defer { start += filter.weights.count }
                return unsafe ck_band(
                    first: filter.first, count: filter.weights.count,
                    weights: weights.baseAddress.map { unsafe $0 + start })
            }
            return unsafe ck_mel_create(backEnd.handle, window.count, hop, window, bands, bands.count)
        }
        guard let tables = unsafe tables else { fatalError("no memory for the tables of a Fourier transform") }
        unsafe self.tables = tables
    }

    deinit { unsafe ck_mel_free(tables) }

    /// Caches the frames of the last `signals` signals, and reuses them in a later signal that begins a multiple of
    /// `spacing` samples later. The results do not change, since frames are matched by comparing their samples.
    func enableCache(signals: Int, spacing: Int) {
        caches = (0..<signals).map { _ in FrameCache() }
        self.spacing = spacing
    }

    /// energies [frames, bands] ← the mel energies of `signal` [1, samples].
    func compute(_ signal: Matrix, into energies: MutableMatrix, in arena: Arena) {
        precondition(signal.isContiguous && signal.count >= (energies.rows - 1) * hop + size)
        precondition(energies.isContiguous && energies.columns == bands)
        let cached = lookup(signal, into: energies)
        compute(0..<cached.lowerBound, of: signal, into: energies, on: arena.pool)
        compute(cached.upperBound..<energies.rows, of: signal, into: energies, on: arena.pool)
        caches.last?.store(signal, energies.view)
    }

    private func compute(_ frames: Range<Int>, of signal: Matrix, into energies: MutableMatrix, on pool: ThreadPool) {
        let first = frames.lowerBound
        unsafe ck_mel_energies(
            tables, signal.base + first * hop, frames.count, energies.base + first * bands, pool.handle)
    }

    /// Copies the frames that a cache holds, and returns their range, which is empty if no cache holds any.
    ///
    /// The cache that is to store this signal moves to the end of `caches`: the one that was hit, else the least
    /// recently used.
    private func lookup(_ signal: Matrix, into energies: MutableMatrix) -> Range<Int> {
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
}

/// One period of a Hann window of `size` points: ½ − ½·cos(2πn / size).
func hannWindow(_ size: Int) -> [Float] {
    (0..<size).map { Float(0.5 - 0.5 * cos(2 * Double.pi * Double($0) / Double(size))) }
}
