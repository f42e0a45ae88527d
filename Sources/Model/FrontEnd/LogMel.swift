import Glibc

/// Whisper's log-mel spectrogram over just the clip (not padded to 30 s): what its encoder reads.
///
/// Frames of 400 samples under a periodic Hann window, centred every 160 samples with the signal reflected at its ends,
/// the last frame dropped; power; 80 mel bands (Slaney scale and area norm); log10 floored at 1e-10 and at 8 under the
/// clip's greatest; (x + 4) / 4.
@safe final class LogMel {
    static let hop = 160
    /// The fewest samples that reflection needs and that give a frame.
    static let minimumSamples = 201
    private static let size = 400

    let bands: Int
    private let fft = RealFFT(size: LogMel.size)
    private let filterbank: MelFilterbank
    private let constants = Arena()
    private let window: Matrix

    init(bands: Int = 80) {
        self.bands = bands
        filterbank = MelFilterbank(bands: bands, fftSize: LogMel.size, sampleRate: 16_000, scale: .slaney)
        window = hannWindow(LogMel.size, in: constants)
    }

    /// Frames that `samples` samples give.
    static func frames(_ samples: Int) -> Int { samples / hop }

    /// wave [samples, 1] or [1, samples] → output [frames, bands], time-major.
    func compute(_ wave: Matrix, into output: MutableMatrix, in arena: Arena) {
        let samples = wave.count
        precondition(wave.isContiguous && samples >= LogMel.minimumSamples)
        precondition(output.rows == LogMel.frames(samples) && output.columns == bands)
        arena.scope {
            let half = LogMel.size / 2
            let padded = arena.matrix(1, samples + LogMel.size)
            padded.columns(half..<(half + samples)).copy(wave.reshaped(rows: 1, columns: samples))
            for distance in 1...half {
                padded[0, half - distance] = padded[0, half + distance]
                padded[0, half + samples - 1 + distance] = padded[0, half + samples - 1 - distance]
            }
            let power = arena.matrix(1, fft.bins)
            for frame in 0..<output.rows {
                let start = frame * LogMel.hop
                fft.power(of: padded.view.columns(start..<(start + LogMel.size)), window: window, into: power)
                filterbank.apply(power.view, into: output.rows(frame..<(frame + 1)))
            }
            compress(output)
        }
    }

    private func compress(_ energies: MutableMatrix) {
        var greatest = -Float.infinity
        for index in 0..<energies.count {
            let level = unsafe log10f(max(energies.base[index], 1e-10))
            unsafe energies.base[index] = level
            greatest = max(greatest, level)
        }
        for index in 0..<energies.count {
            unsafe energies.base[index] = (max(energies.base[index], greatest - 8) + 4) / 4
        }
    }
}
