import Glibc

/// A signal with the mel energies of its frames, for a later one that overlaps it.
final class KnownFrames {
    private var signal = Arena().matrix(1, 0)
    private var energies = Arena().matrix(0, 0)

    /// Copies both. Allocates where their sizes are not those of the ones before.
    func keep(_ signal: Matrix, _ energies: Matrix) {
        if signal.count != self.signal.count || energies.columns != self.energies.columns {
            self.signal = Arena().matrix(1, signal.count)
            self.energies = Arena().matrix(energies.rows, energies.columns)
        }
        self.signal.copy(signal)
        self.energies.copy(energies)
    }

    /// Writes those rows of `energies` [frames, bands] whose frames were in the signal before, a multiple of `step` frames later;
    /// which they are, nil where no such shift is found.
    ///
    /// - Parameter size: samples in a frame; frames start every `hop` samples.
    func recall(_ signal: Matrix, size: Int, hop: Int, step: Int, into energies: MutableMatrix) -> Range<Int>? {
        guard step > 0, signal.count == self.signal.count, energies.columns == self.energies.columns else { return nil }
        // Samples are compared in blocks of a hop.
        let (blocks, each) = (signal.count / hop, (size + hop - 1) / hop)
        for shift in stride(from: step, through: blocks - each, by: step) {
            let middle = (blocks - shift) / 2
            guard isSame(signal, middle, hop: hop, shift: shift) else { continue }
            var same = middle..<(middle + 1)
            while same.lowerBound > 0, isSame(signal, same.lowerBound - 1, hop: hop, shift: shift) {
                same = (same.lowerBound - 1)..<same.upperBound
            }
            while same.upperBound < blocks - shift, isSame(signal, same.upperBound, hop: hop, shift: shift) {
                same = same.lowerBound..<(same.upperBound + 1)
            }
            let end = min(same.upperBound - each + 1, energies.rows - shift)
            guard same.lowerBound < end else { continue }
            let known = same.lowerBound..<end
            energies.rows(known).copy(self.energies.view.rows((known.lowerBound + shift)..<(known.upperBound + shift)))
            return known
        }
        return nil
    }

    /// Whether a block's samples are those `shift` blocks later in the signal that is kept.
    private func isSame(_ signal: Matrix, _ block: Int, hop: Int, shift: Int) -> Bool {
        let (here, there) = (
            signal.columns((block * hop)..<((block + 1) * hop)),
            self.signal.view.columns(((block + shift) * hop)..<((block + shift + 1) * hop))
        )
        return unsafe memcmp(here.base, there.base, hop * MemoryLayout<Float>.stride) == 0
    }
}
