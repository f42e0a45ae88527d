import CEmotionKernels
import Glibc

/// Triangular filters, equally spaced on a mel scale between 0 Hz and half the sample rate, each of unit area in Hz
/// (Slaney's normalisation), as librosa.filters.mel computes them.
@safe struct MelFilterbank {
    enum Scale {
        /// 2595 · log10(1 + f / 700).
        case htk
        /// Slaney's Auditory Toolbox: linear below 1 kHz (3 mel per 200 Hz), logarithmic above (27 mel per factor 6.4).
        case slaney
    }

    let bands: Int
    /// The number of FFT bins of a power spectrum.
    let bins: Int
    /// The bins with non-zero weights, for each band.
    private let ranges: [Range<Int>]
    /// The non-zero weights, one band after another: [1, sum of the ranges' counts].
    private let weights: Matrix

    init(bands: Int, fftSize: Int, sampleRate: Double, scale: Scale) {
        self.bands = bands
        let bins = fftSize / 2 + 1
        self.bins = bins
        let top = scale.mel(ofHertz: sampleRate / 2)
        let edges = (0..<(bands + 2)).map { scale.hertz(ofMel: top * Double($0) / Double(bands + 1)) }
        let filters = (0..<bands).map { band in
            let (low, centre, high) = (edges[band], edges[band + 1], edges[band + 2])
            return (0..<bins).map { bin in
                let frequency = Double(bin) * sampleRate / Double(fftSize)
                let slope = min((frequency - low) / (centre - low), (high - frequency) / (high - centre))
                return Float(max(0, slope) * 2 / (high - low))
            }
        }
        ranges = filters.map { filter in
            let first = filter.firstIndex { $0 > 0 } ?? 0
            return first..<((filter.lastIndex { $0 > 0 } ?? -1) + 1)
        }
        let all = zip(filters, ranges).flatMap { $0[$1] }
        let weights = Arena().matrix(1, all.count)
        for (index, weight) in all.enumerated() { weights[0, index] = weight }
        self.weights = weights.view
    }

    /// energies[b] ← Σ power · filter b. `power` has `bins` elements, `energies` has `bands`.
    func apply(_ power: Matrix, into energies: MutableMatrix) {
        precondition(power.isContiguous && power.count == bins && energies.isContiguous && energies.count == bands)
        var start = 0
        for (band, range) in ranges.enumerated() {
            unsafe energies.base[band] = ck_dot(weights.base + start, power.base + range.lowerBound, range.count)
            start += range.count
        }
    }

    /// The weight of a bin in a band.
    func weight(band: Int, bin: Int) -> Float {
        guard ranges[band].contains(bin) else { return 0 }
        let start = ranges[..<band].reduce(0) { $0 + $1.count }
        return weights[0, start + bin - ranges[band].lowerBound]
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
