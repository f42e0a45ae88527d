import Glibc

/// Silero VAD for 16 kHz (MIT, https://github.com/snakers4/silero-vad): how probable it is that somebody speaks.
///
///     let detector = try SileroVAD(path: "Weights/silero_vad_16k.safetensors")
///     let probability = detector.probability(of: samples.span)      // 512 samples, 32 ms
///
/// Each chunk is seen with the 64 samples before it:
///
///     576 samples ─► reflect 64 on the right ─► STFT magnitudes [4, 129] ─► 4 × (conv 3, ReLU): [4, 128], [2, 64],
///     [1, 64], [1, 128] ─► LSTM cell 128 ─► ReLU ─► linear ─► sigmoid
///
/// The LSTM's state and those 64 samples carry over, so the chunks of one stream go to one detector in order. Some
/// 0.6 million multiply-accumulates a chunk on the calling thread; nothing is allocated after `init`. Not for use by
/// two threads at a time.
public final class SileroVAD {
    /// Samples in a chunk.
    public static let chunkSize = 512

    static let contextSize = 64
    static let padding = 64
    static let transform = 256
    static let hop = 128
    static let bins = 129
    static let units = 128
    static let frames = (contextSize + chunkSize + padding - transform) / hop + 1

    private let weights: SileroWeights
    private let pool = ThreadPool(threads: 1)
    /// Context, chunk, reflection: [640, 1].
    private let input: MutableMatrix
    /// Real then imaginary parts of each frame: [4, 258].
    private let spectrum: MutableMatrix
    /// What each convolution reads, with a frame of zeros on either side: [6, 129], [6, 128], [4, 64], [3, 64].
    private let padded: [MutableMatrix]
    /// What the last convolution gives: [1, 128].
    private let features: MutableMatrix
    /// Input, forget, cell and output gate: [1, 4 · 128].
    private let gates: MutableMatrix
    /// [1, 128]
    private let hidden: MutableMatrix
    /// [1, 128]
    private let cell: MutableMatrix
    /// [1, 1]
    private let logit: MutableMatrix

    /// - Parameter path: of `silero_vad_16k.safetensors`, with the tensors of the PyPI package silero-vad 6.
    /// - Throws: as `SafetensorsFile`; `mismatch` where the tensors are not Silero's.
    public init(path: String) throws(WeightsError) {
        weights = try SileroWeights(path: path)
        let arena = Arena()
        input = arena.matrix(Self.contextSize + Self.chunkSize + Self.padding, 1)
        spectrum = arena.matrix(Self.frames, 2 * Self.bins)
        var frames = Self.frames
        padded = weights.convolutions.map { convolution in
            let matrix = arena.matrix(frames + 2, convolution.inputs)
            matrix.fill(0)
            frames = convolution.frames(frames + 2)
            return matrix
        }
        features = arena.matrix(1, Self.units)
        gates = arena.matrix(1, 4 * Self.units)
        hidden = arena.matrix(1, Self.units)
        cell = arena.matrix(1, Self.units)
        logit = arena.matrix(1, 1)
        reset()
        // The first products make the pool's scratch memory.
        _ = compute()
        reset()
    }

    /// Forgets the stream so far.
    public func reset() {
        input.fill(0)
        hidden.fill(0)
        cell.fill(0)
    }

    /// The probability of speech in the next 512 samples of the stream, 0 to 1.
    ///
    /// Samples are in -1 to 1. A chunk whose samples are not finite, or beyond all reason, counts as silence and
    /// resets the detector, so that it does not stay deaf.
    /// - Precondition: `chunk` has `chunkSize` samples.
    public func probability(of chunk: Span<Float>) -> Float {
        precondition(chunk.count == Self.chunkSize, "a chunk has \(Self.chunkSize) samples")
        append(chunk)
        guard compute() else {
            reset()
            return 0
        }
        return 1 / (1 + expf(-logit[0, 0]))
    }

    /// The same for samples behind a pointer.
    public func probability(of chunk: UnsafeBufferPointer<Float>) -> Float {
        unsafe probability(of: chunk.span)
    }

    /// Moves the last 64 samples to the front, the chunk behind them, and mirrors the end, its last sample left out.
    private func append(_ chunk: Span<Float>) {
        let end = Self.contextSize + Self.chunkSize
        for index in 0..<Self.contextSize { input[index, 0] = input[index + Self.chunkSize, 0] }
        for index in 0..<Self.chunkSize { input[Self.contextSize + index, 0] = chunk[index] }
        for index in 0..<Self.padding { input[end + index, 0] = input[end - 2 - index, 0] }
    }

    /// From the input to the logit; false where numbers on the way are not finite.
    private func compute() -> Bool {
        weights.transform(input.view, into: spectrum, on: pool)
        setMagnitudes(inner(padded[0]))
        for index in padded.indices {
            let output = index + 1 < padded.count ? inner(padded[index + 1]) : features
            weights.convolutions[index](padded[index].view, into: output, on: pool)
            output.relu()
        }
        // The LSTM's squashing functions would hide what is not finite.
        guard features.view.isFinite else { return false }
        weights.lstm.input(features.view, into: gates, on: pool)
        weights.lstm.step(gates, state: hidden, cell: cell, on: pool)
        features.copy(hidden.view)
        features.relu()
        weights.output(features.view, into: logit, on: pool)
        return logit[0, 0].isFinite && cell.view.isFinite
    }

    /// The frames between the two of zeros.
    private func inner(_ frames: MutableMatrix) -> MutableMatrix { frames.rows(1..<(frames.rows - 1)) }

    /// magnitudes [4, 129] ← the length of each complex number of the spectrum.
    private func setMagnitudes(_ magnitudes: MutableMatrix) {
        for frame in 0..<Self.frames {
            for bin in 0..<Self.bins {
                let (real, imaginary) = (spectrum[frame, bin], spectrum[frame, Self.bins + bin])
                magnitudes[frame, bin] = (real * real + imaginary * imaginary).squareRoot()
            }
        }
    }
}
