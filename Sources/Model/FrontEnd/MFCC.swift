import Glibc

/// Mel-frequency cepstral coefficients to librosa's definition, after pre-emphasis: what the BiLSTM reads.
///
/// Pre-emphasis y[n] = x[n] − 0.97·x[n−1] from a zero initial state. Frames of 2048 samples under a periodic Hann
/// window, centred every 160 samples with zeros beyond the ends; power; 128 mel bands (HTK scale, Slaney area norm);
/// 10·log10 floored at 1e-10 and at 80 dB under the clip's greatest; orthonormal DCT-II, the first 40.
@safe final class MFCC {
    static let coefficients = 40
    static let hop = 160
    private static let size = 2048
    private static let bands = 128

    private let fft = RealFFT(size: MFCC.size)
    private let filterbank = MelFilterbank(bands: MFCC.bands, fftSize: MFCC.size, sampleRate: 16_000, scale: .htk)
    private let constants = Arena()
    private let window: Matrix
    /// The DCT's basis [40, 128].
    private let basis: PackedWeights

    init() {
        window = hannWindow(MFCC.size, in: constants)
        let cosines = Arena().matrix(MFCC.coefficients, MFCC.bands)
        for row in 0..<MFCC.coefficients {
            let norm = sqrt((row == 0 ? 1 : 2) / Double(MFCC.bands))
            for column in 0..<MFCC.bands {
                let angle = Double.pi * Double(row) * (Double(column) + 0.5) / Double(MFCC.bands)
                cosines[row, column] = Float(norm * cos(angle))
            }
        }
        basis = PackedWeights(cosines.view, bias: nil, precision: .fp32)
    }

    /// Frames that `samples` samples give.
    static func frames(_ samples: Int) -> Int { 1 + samples / hop }

    /// wave [samples, 1] or [1, samples] → output [frames, 40].
    func compute(_ wave: Matrix, into output: MutableMatrix, in arena: Arena) {
        let samples = wave.count
        precondition(wave.isContiguous && samples > 0)
        precondition(output.rows == MFCC.frames(samples) && output.columns == MFCC.coefficients)
        arena.scope {
            let half = MFCC.size / 2
            let padded = arena.matrix(1, samples + MFCC.size)
            padded.fill(0)
            emphasise(wave, into: padded.columns(half..<(half + samples)))
            let power = arena.matrix(1, fft.bins)
            let decibels = arena.matrix(output.rows, MFCC.bands)
            for frame in 0..<output.rows {
                let start = frame * MFCC.hop
                fft.power(of: padded.view.columns(start..<(start + MFCC.size)), window: window, into: power)
                filterbank.apply(power.view, into: decibels.rows(frame..<(frame + 1)))
            }
            toDecibels(decibels)
            basis.multiply(decibels.view, into: output, on: arena.team)
        }
    }

    private func emphasise(_ wave: Matrix, into output: MutableMatrix) {
        var previous: Float = 0
        for index in 0..<wave.count {
            let sample = unsafe wave.base[index]
            unsafe output.base[index] = sample - 0.97 * previous
            previous = sample
        }
    }

    private func toDecibels(_ energies: MutableMatrix) {
        var greatest = -Float.infinity
        for index in 0..<energies.count {
            let level = unsafe 10 * log10f(max(energies.base[index], 1e-10))
            unsafe energies.base[index] = level
            greatest = max(greatest, level)
        }
        for index in 0..<energies.count {
            unsafe energies.base[index] = max(energies.base[index], greatest - 80)
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
