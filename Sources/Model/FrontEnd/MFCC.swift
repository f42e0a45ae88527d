import Glibc

/// Mel-frequency cepstral coefficients after pre-emphasis, by librosa's definition: the input of the BiLSTM.
///
/// Pre-emphasis y[n] = x[n] − 0.97·x[n−1] from a zero initial state. Frames of 2048 samples under a periodic Hann
/// window, centred every 160 samples with zeros beyond the ends; power; 128 mel bands (HTK scale, Slaney area norm);
/// 10·log10 floored at 1e-10 and at 80 dB below the clip's maximum; orthonormal DCT-II, the first 40 coefficients.
@safe final class MFCC {
    static let coefficients = 40
    static let hop = 160
    private static let size = 2048
    private static let bands = 128

    private let spectra = MelSpectra(size: MFCC.size, hop: MFCC.hop, bands: MFCC.bands, scale: .htk)
    /// The basis of the DCT, [40, 128].
    private let basis: PackedWeights

    init() {
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

    /// The number of frames of `samples` samples.
    static func frames(_ samples: Int) -> Int { 1 + samples / hop }

    /// Enables the cache of `MelSpectra`; see `MelSpectra.enableCache`.
    func enableCache(signals: Int, spacing: Int) { spectra.enableCache(signals: signals, spacing: spacing) }

    /// gain · wave [samples, 1] or [1, samples] → output [frames, 40].
    func compute(_ wave: Matrix, gain: Float = 1, into output: MutableMatrix, in arena: Arena) {
        let samples = wave.count
        precondition(wave.isContiguous && samples > 0)
        precondition(output.rows == MFCC.frames(samples) && output.columns == MFCC.coefficients)
        arena.scope {
            let half = MFCC.size / 2
            let padded = arena.matrix(1, samples + MFCC.size)
            padded.fill(0)
            emphasise(wave, into: padded.columns(half..<(half + samples)))
            let decibels = arena.matrix(output.rows, MFCC.bands)
            spectra.compute(padded.view, into: decibels, in: arena)
            decibels.compress(gain: gain, least: 1e-10, range: 8, scale: 10, shift: 0)
            basis.multiply(decibels.view, into: output, on: arena.pool)
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
}
