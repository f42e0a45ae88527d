import EmotionCore

/// The mel frames of the recent stream of one channel, and speaker embeddings of chosen stretches of it.
///
/// A frame is computed once, when its samples have come. What was appended at a time does not matter, so a replayed
/// recording gives the same embeddings as the live session. The memory is allocated by `init` and the first embedding;
/// nothing is allocated after. One thread at a time may use a stream.
package final class SpeakerStream {
    /// Frames computed at a time.
    private static let block = 50

    private let encoder: SpeakerEncoder
    private let spectra = MelSpectra(
        size: SpeakerEncoder.frameSize, hop: SpeakerEncoder.hop, bands: SpeakerEncoder.bands, scale: .slaney)
    private let arena = Arena()
    /// The newest frames [capacity, 40]: frame i is in row i % capacity.
    private let energies: MutableMatrix
    /// The sum of the squares of the `hop` samples around the centre of each frame [1, capacity].
    private let squares: MutableMatrix
    /// Samples whose frames are not all complete [1, block · hop + frame].
    private let pending: MutableMatrix
    private var pendingCount = 0
    /// Frames so far; frame i is centred at sample i · hop.
    private var frames = 0
    /// Samples since the beginning.
    package private(set) var position = 0

    /// Creates a stream that begins with silence.
    ///
    /// - Parameter history: Seconds of the stream back to which `embedding` may be asked, 1.6 or more.
    package init(_ encoder: SpeakerEncoder, history: Double = 10) {
        self.encoder = encoder
        let capacity = max(SpeakerEncoder.partialFrames, AudioFormat.samples(history) / SpeakerEncoder.hop + 1)
        let memory = Arena()
        energies = memory.matrix(capacity, SpeakerEncoder.bands)
        squares = memory.matrix(1, capacity)
        pending = memory.matrix(1, Self.block * SpeakerEncoder.hop + SpeakerEncoder.frameSize)
        reset()
    }

    /// Begins another stream: its first sample has the index 0.
    package func reset() {
        // The first frame is centred at the first sample, with zeros before it.
        pending.fill(0)
        pendingCount = SpeakerEncoder.frameSize / 2
        frames = 0
        position = 0
    }

    /// Takes the next samples of the stream, full scale ±1.
    package func append(_ samples: Span<Float>) {
        position += samples.count
        var index = 0
        while index < samples.count {
            let count = min(samples.count - index, pending.columns - pendingCount)
            for offset in 0..<count { pending[0, pendingCount + offset] = samples[index + offset] }
            index += count
            pendingCount += count
            if pendingCount == pending.columns { computeFrames() }
        }
        computeFrames()
    }

    /// The embedding of the newest 1.6 s of the stretches of one voice.
    ///
    /// The stretches are joined, and raised to -30 dBFS if they are quieter. A frame belongs to a stretch if its
    /// centre does. Frames that are no longer kept, and those within 12.5 ms of `position`, are left out.
    ///
    /// - Parameter stretches: Sample indices since the beginning, ascending, not overlapping.
    /// - Returns: nil where no frame lies in the stretches, or their samples are not finite. Less than 0.8 s make a poor
    ///   embedding.
    package func embedding(of stretches: [Range<Int>]) -> SpeakerEmbedding? {
        defer { arena.settle() }
        return arena.scope {
            let chosen = arena.matrix(SpeakerEncoder.partialFrames, SpeakerEncoder.bands)
            var first = chosen.rows
            var sum = 0.0
            for stretch in stretches.reversed() where first > 0 {
                let inside = frameRange(of: stretch).suffix(first)
                for frame in inside.reversed() {
                    let row = frame % energies.rows
                    first -= 1
                    chosen.rows(first..<(first + 1)).copy(energies.view.rows(row..<(row + 1)))
                    sum += Double(squares[0, row])
                }
            }
            let found = chosen.rows(first..<chosen.rows)
            guard found.rows > 0 else { return nil }
            found.scale(by: SpeakerEncoder.energyGain(meanSquare: sum / Double(found.rows * SpeakerEncoder.hop)))
            return encoder.embedding(of: found.view, in: arena)
        }
    }

    /// The kept frames whose centres lie in a stretch of samples.
    private func frameRange(of stretch: Range<Int>) -> Range<Int> {
        /// The first frame whose centre is not before a sample.
        func frame(at sample: Int) -> Int {
            sample / SpeakerEncoder.hop + (sample % SpeakerEncoder.hop > 0 ? 1 : 0)
        }
        let kept = max(0, frames - energies.rows)..<frames
        return (frame(at: stretch.lowerBound)..<frame(at: stretch.upperBound)).clamped(to: kept)
    }

    /// Computes the frames whose samples are all pending, and moves the samples of later frames to the front.
    private func computeFrames() {
        let (size, hop) = (SpeakerEncoder.frameSize, SpeakerEncoder.hop)
        guard pendingCount >= size else { return }
        let count = (pendingCount - size) / hop + 1
        arena.scope {
            let output = arena.matrix(count, SpeakerEncoder.bands)
            spectra.compute(pending.view.columns(0..<((count - 1) * hop + size)), into: output, in: arena)
            for index in 0..<count {
                let row = (frames + index) % energies.rows
                energies.rows(row..<(row + 1)).copy(output.view.rows(index..<(index + 1)))
                squares[0, row] = squareSum(from: index * hop + (size - hop) / 2)
            }
        }
        frames += count
        pendingCount -= count * hop
        for index in 0..<pendingCount { pending[0, index] = pending[0, count * hop + index] }
    }

    /// The sum of the squares of `hop` pending samples.
    private func squareSum(from start: Int) -> Float {
        var sum: Float = 0
        for index in start..<(start + SpeakerEncoder.hop) { sum += pending[0, index] * pending[0, index] }
        return sum
    }
}
