import Glibc

/// A cache of one signal and the mel energies of its frames, from which a later, overlapping signal reuses frames.
final class FrameCache {
    private var cached: (signal: MutableMatrix, energies: MutableMatrix)?

    /// Copies the signal and its energies into the cache. It allocates only if the length of the signal has changed.
    func store(_ signal: Matrix, _ energies: Matrix) {
        let entry = cached(signal) ?? (Arena().matrix(1, signal.count), Arena().matrix(energies.rows, energies.columns))
        entry.signal.copy(signal)
        entry.energies.copy(energies)
        cached = entry
    }

    /// The cached entry, if its signal is as long as `signal`.
    private func cached(_ signal: Matrix) -> (signal: MutableMatrix, energies: MutableMatrix)? {
        cached?.signal.count == signal.count ? cached : nil
    }

    /// Copies the energies of those frames of `signal` that the cached signal also contains, a multiple of `spacing`
    /// samples later.
    ///
    /// - Parameters:
    ///   - size: Samples in a frame.
    ///   - hop: Samples between the starts of two frames.
    ///   - energies: [frames, bands]; only the rows of the frames found are written.
    /// - Returns: The frames found; nil if no such shift exists.
    func lookup(_ signal: Matrix, size: Int, hop: Int, spacing: Int, into energies: MutableMatrix) -> Range<Int>? {
        guard spacing > 0, let cached = cached(signal) else { return nil }
        // Samples are compared in blocks of a hop.
        let (blocks, blocksPerFrame) = (signal.count / hop, (size + hop - 1) / hop)
        func isSame(_ block: Int, _ shift: Int) -> Bool {
            Self.isSame(signal, block, as: cached.signal.view, block + shift, size: hop)
        }
        for distance in stride(from: spacing, to: signal.count, by: spacing) where distance.isMultiple(of: hop) {
            let shift = distance / hop
            guard shift <= blocks - blocksPerFrame else { break }
            let middle = (blocks - shift) / 2
            guard isSame(middle, shift) else { continue }
            var same = middle..<(middle + 1)
            while same.lowerBound > 0, isSame(same.lowerBound - 1, shift) {
                same = (same.lowerBound - 1)..<same.upperBound
            }
            while same.upperBound < blocks - shift, isSame(same.upperBound, shift) {
                same = same.lowerBound..<(same.upperBound + 1)
            }
            let end = min(same.upperBound - blocksPerFrame + 1, energies.rows - shift)
            guard same.lowerBound < end else { continue }
            let frames = same.lowerBound..<end
            energies.rows(frames).copy(
                cached.energies.view.rows((frames.lowerBound + shift)..<(frames.upperBound + shift)))
            return frames
        }
        return nil
    }

    /// Whether block number `block` of `a` equals block number `other` of `b`, bit for bit; a block has `size` samples.
    private static func isSame(_ a: Matrix, _ block: Int, as b: Matrix, _ other: Int, size: Int) -> Bool {
        let here = a.columns((block * size)..<((block + 1) * size))
        let there = b.columns((other * size)..<((other + 1) * size))
        return unsafe memcmp(here.base, there.base, size * MemoryLayout<Float>.stride) == 0
    }
}
