import Glibc

/// The voice activity detector Silero VAD for 16 kHz (MIT, https://github.com/snakers4/silero-vad), which computes the
/// probability of speech.
///
///     let detector = try SileroVAD(path: "Weights/silero_vad_16k.safetensors")
///     let probability = detector.probability(of: samples.span)      // 512 samples, 32 ms
///
/// The input is a chunk and the 64 samples before it:
///
///     576 samples ─► reflect 64 on the right ─► STFT magnitudes [4, 129] ─► 4 × (conv 3, ReLU): [4, 128], [2, 64],
///     [1, 64], [1, 128] ─► LSTM cell 128 ─► ReLU ─► linear ─► sigmoid
///
/// The LSTM's state and those 64 samples are kept between chunks, so one detector must get the chunks of one stream in
/// order. A chunk takes some 0.6 million multiply-accumulates on the calling thread; nothing is allocated after `init`.
/// One thread at a time may use a detector.
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
    /// The input of each convolution, with a frame of zeros on either side: [6, 129], [6, 128], [4, 64], [3, 64].
    private let padded: [MutableMatrix]
    /// The output of the last convolution: [1, 128].
    private let features: MutableMatrix
    /// The input, forget, cell and output gates: [1, 4 · 128].
    private let gates: MutableMatrix
    /// [1, 128]
    private let hidden: MutableMatrix
    /// [1, 128]
    private let cell: MutableMatrix
    /// [1, 1]
    private let logit: MutableMatrix

    /// Loads the weights and allocates all buffers.
    ///
    /// - Parameter path: The path of `silero_vad_16k.safetensors`, with the tensors of the Python package silero-vad 6.
    /// - Throws: As `SafetensorsFile`; `mismatch` where the tensors are not Silero's.
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
        // The first products allocate the pool's scratch memory.
        _ = compute()
        reset()
    }

    /// Resets the state to that at the start of a stream.
    public func reset() {
        input.fill(0)
        hidden.fill(0)
        cell.fill(0)
    }

    /// The probability of speech in the next 512 samples of the stream, 0 to 1.
    ///
    /// Samples are in -1 to 1. A chunk that makes an intermediate result not finite, because of a sample that is not
    /// finite or of extreme size, counts as silence (0) and resets the detector, so that later chunks are not affected.
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

    /// The probability of speech in the next 512 samples of the stream, as for a span.
    public func probability(of chunk: UnsafeBufferPointer<Float>) -> Float {
        unsafe probability(of: chunk.span)
    }

    /// Moves the last 64 samples to the front, copies the chunk after them, and reflects the end about its last sample.
    private func append(_ chunk: Span<Float>) {
        let end = Self.contextSize + Self.chunkSize
        for index in 0..<Self.contextSize { input[index, 0] = input[index + Self.chunkSize, 0] }
        for index in 0..<Self.chunkSize { input[Self.contextSize + index, 0] = chunk[index] }
        for index in 0..<Self.padding { input[end + index, 0] = input[end - 2 - index, 0] }
    }

    /// Computes the logit from the input; returns false where an intermediate result is not finite.
    private func compute() -> Bool {
        weights.transform(input.view, into: spectrum, on: pool)
        setMagnitudes(inner(padded[0]))
        for index in padded.indices {
            let output = index + 1 < padded.count ? inner(padded[index + 1]) : features
            weights.convolutions[index](padded[index].view, into: output, on: pool)
            output.relu()
        }
        // The LSTM's sigmoid and tanh would hide values that are not finite.
        guard features.view.isFinite else { return false }
        weights.lstm.input(features.view, into: gates, on: pool)
        weights.lstm.step(gates, state: hidden, cell: cell, on: pool)
        features.copy(hidden.view)
        features.relu()
        weights.output(features.view, into: logit, on: pool)
        return logit[0, 0].isFinite && cell.view.isFinite
    }

    /// The frames without the zero frame on either side.
    private func inner(_ frames: MutableMatrix) -> MutableMatrix { frames.rows(1..<(frames.rows - 1)) }

    /// magnitudes [4, 129] ← the magnitude of each complex number of the spectrum.
    private func setMagnitudes(_ magnitudes: MutableMatrix) {
        for frame in 0..<Self.frames {
            for bin in 0..<Self.bins {
                let (real, imaginary) = (spectrum[frame, bin], spectrum[frame, Self.bins + bin])
                magnitudes[frame, bin] = (real * real + imaginary * imaginary).squareRoot()
            }
        }
    }
}
