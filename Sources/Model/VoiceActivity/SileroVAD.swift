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
    /// Context, chunk, reflection: [640].
    private let input = Scratch(contextSize + chunkSize + padding)
    /// Real then imaginary parts of one frame: [258].
    private let spectrum = Scratch(2 * bins)
    private let magnitudes = Scratch(frames * bins)
    /// Two that the convolutions use in turn; the largest is [4, 128].
    private let even = Scratch(frames * units)
    private let odd = Scratch(frames * units)
    /// Input, forget, cell and output gate: [4 · 128].
    private let gates = Scratch(4 * units)
    private let hidden = Scratch(units)
    private let cell = Scratch(units)

    /// - Parameter path: of `silero_vad_16k.safetensors`, with the tensors of the PyPI package silero-vad 6.
    /// - Throws: as `SafetensorsFile`; `mismatch` where the tensors are not Silero's.
    public init(path: String) throws(WeightsError) {
        weights = try SileroWeights(path: path)
    }

    /// Forgets the stream so far.
    public func reset() {
        input.clear()
        hidden.clear()
        cell.clear()
    }

    /// The probability of speech in the next 512 samples of the stream, 0 to 1.
    ///
    /// Samples are in -1 to 1. A chunk whose samples are not finite, or beyond all reason, counts as silence and
    /// resets the detector, so that it does not stay deaf.
    /// - Precondition: `chunk` has `chunkSize` samples.
    public func probability(of chunk: Span<Float>) -> Float {
        precondition(chunk.count == Self.chunkSize, "a chunk has \(Self.chunkSize) samples")
        take(chunk)
        transformFrames()
        weights.convolutions[0].apply(magnitudes, Self.frames, to: even)
        weights.convolutions[1].apply(even, 4, to: odd)
        weights.convolutions[2].apply(odd, 2, to: even)
        weights.convolutions[3].apply(even, 1, to: odd)
        step(odd)
        var sum = weights.outputBias
        for unit in 0..<Self.units { sum += max(hidden[unit], 0) * weights.output[unit] }
        let probability = sigmoid(sum)
        guard probability.isFinite, cell.isFinite else {
            reset()
            return 0
        }
        return probability
    }

    /// The same for samples behind a pointer.
    public func probability(of chunk: UnsafeBufferPointer<Float>) -> Float {
        unsafe probability(of: chunk.span)
    }

    /// Moves the last 64 samples to the front, the chunk behind them, and mirrors the end, its last sample left out.
    private func take(_ chunk: Span<Float>) {
        let end = Self.contextSize + Self.chunkSize
        for index in 0..<Self.contextSize { input[index] = input[index + Self.chunkSize] }
        for index in 0..<Self.chunkSize { input[Self.contextSize + index] = chunk[index] }
        for index in 0..<Self.padding { input[end + index] = input[end - 2 - index] }
    }

    /// The short-time Fourier transform as a convolution, and its magnitudes [4, 129].
    private func transformFrames() {
        for frame in 0..<Self.frames {
            spectrum.clear()
            spectrum.add(input, frame * Self.hop, Self.transform, times: weights.transform)
            for bin in 0..<Self.bins {
                let (real, imaginary) = (spectrum[bin], spectrum[Self.bins + bin])
                magnitudes[frame * Self.bins + bin] = (real * real + imaginary * imaginary).squareRoot()
            }
        }
    }

    /// One step of the LSTM cell, PyTorch's order of gates.
    private func step(_ features: Scratch) {
        gates.copy(weights.gateBias)
        gates.add(features, 0, Self.units, times: weights.inputGates)
        gates.add(hidden, 0, Self.units, times: weights.hiddenGates)
        for unit in 0..<Self.units {
            let candidate = tanhf(gates[2 * Self.units + unit])
            cell[unit] = sigmoid(gates[Self.units + unit]) * cell[unit] + sigmoid(gates[unit]) * candidate
            hidden[unit] = sigmoid(gates[3 * Self.units + unit]) * tanhf(cell[unit])
        }
    }

    private func sigmoid(_ x: Float) -> Float { 1 / (1 + expf(-x)) }
}
