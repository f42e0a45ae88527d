import Glibc

/// Triangular filters, equally spaced on a mel scale between 0 Hz and half the sample rate, each of unit area in Hz
/// (Slaney's normalisation), as librosa.filters.mel computes them.
struct MelFilterbank {
    enum Scale {
        /// 2595 · log10(1 + f / 700).
        case htk
        /// Slaney's Auditory Toolbox: linear below 1 kHz (3 mel per 200 Hz), logarithmic above (27 mel per factor 6.4).
        case slaney
    }

    /// A filter: the successive FFT bins with weights above 0, from `first` on.
    struct Band {
        let first: Int
        let weights: [Float]
    }

    let bands: [Band]

    init(bands: Int, fftSize: Int, sampleRate: Double, scale: Scale) {
        let bins = fftSize / 2 + 1
        let top = scale.mel(ofHertz: sampleRate / 2)
        let edges = (0..<(bands + 2)).map { scale.hertz(ofMel: top * Double($0) / Double(bands + 1)) }
        self.bands = (0..<bands).map { band in
            let (low, centre, high) = (edges[band], edges[band + 1], edges[band + 2])
            let filter = (0..<bins).map { bin in
                let frequency = Double(bin) * sampleRate / Double(fftSize)
                let slope = min((frequency - low) / (centre - low), (high - frequency) / (high - centre))
                return Float(max(0, slope) * 2 / (high - low))
            }
            let first = filter.firstIndex { $0 > 0 } ?? 0
            return Band(first: first, weights: Array(filter[first..<((filter.lastIndex { $0 > 0 } ?? first - 1) + 1)]))
        }
    }
}

extension MelFilterbank.Scale {
    func mel(ofHertz frequency: Double) -> Double {
        switch self {
        case .htk: 2595 * log10(1 + frequency / 700)
        case .slaney: frequency < 1000 ? frequency * 3 / 200 : 15 + log(frequency / 1000) * 27 / log(6.4)
        }
    }

    func hertz(ofMel mel: Double) -> Double {
        switch self {
        case .htk: 700 * (pow(10, mel / 2595) - 1)
        case .slaney: mel < 15 ? mel * 200 / 3 : 1000 * exp((mel - 15) * log(6.4) / 27)
        }
    }
}
