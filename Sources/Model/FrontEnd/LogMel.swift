/// Whisper's log-mel spectrogram of the clip alone (not padded to 30 s): the input of its encoder.
///
/// Frames of 400 samples under a periodic Hann window, centred every 160 samples with the signal reflected at its ends,
/// the last frame dropped; power; 80 mel bands (Slaney scale and area norm); log10 floored at 1e-10 and at 8 below the
/// clip's maximum; (x + 4) / 4.
@safe final class LogMel {
    static let hop = 160
    /// The fewest samples that can be reflected and give a frame.
    static let minimumSamples = 201
    private static let size = 400

    let bands: Int
    private let spectra: MelSpectra

    init(bands: Int = 80) {
        self.bands = bands
        spectra = MelSpectra(size: LogMel.size, hop: LogMel.hop, bands: bands, scale: .slaney)
    }

    /// The number of frames of `samples` samples.
    static func frames(_ samples: Int) -> Int { samples / hop }

    /// Enables the cache of `MelSpectra`; see `MelSpectra.enableCache`.
    func enableCache(signals: Int, spacing: Int) { spectra.enableCache(signals: signals, spacing: spacing) }

    /// gain · wave [samples, 1] or [1, samples] → output [frames, bands], row-major.
    func compute(_ wave: Matrix, gain: Float = 1, into output: MutableMatrix, in arena: Arena) {
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
            spectra.compute(padded.view, into: output, in: arena)
            output.compress(gain: gain, least: 1e-10, range: 8, scale: 1 / 4, shift: 1)
        }
    }
}
