import Glibc

/// A narrow-band telephone line (ITU-T G.712): 8 kHz, 300 to 3,400 Hz.
///
/// The same arithmetic as the training's `conditions.py`, which calls SciPy: `resample_poly` to 8 kHz, a Butterworth
/// band-pass of order 8 (48 dB an octave on either side), `resample_poly` back.
package enum Telephone {
    /// Filters 16 kHz samples to the band of the line; returns as many.
    package static func pass(_ samples: [Float]) -> [Float] {
        let narrow = filtered(halved(samples.map(Double.init)))
        return doubled(narrow).prefix(samples.count).map(Float.init)
    }

    // MARK: Band

    /// `scipy.signal.butter(8, (300, 3400), "bandpass", fs=8000, output="sos")`: b0 b1 b2 a1 a2 of each section; a0 is
    /// 1.
    private static let sections: [(Double, Double, Double, Double, Double)] = [
        (0.15529723487427327, 0.31059446974854654, 0.15529723487427327, 1.1973924708820256, 0.36299711095021475),
        (1, 2, 1, 1.2761907998231787, 0.44591736598508525),
        (1, 2, 1, 1.425161365885874, 0.6056885454780532),
        (1, -2, 1, -1.5610777984303232, 0.6109419719700097),
        (1, -2, 1, -1.6200097712360828, 0.6698649289117269),
        (1, -2, 1, -1.724822757100815, 0.775495213118212),
        (1, 2, 1, 1.6432231426657995, 0.8450631436209609),
        (1, -2, 1, -1.8640263807908688, 0.9172022188479058),
    ]

    /// Filters through all sections, each in transposed direct form II from rest.
    private static func filtered(_ samples: [Double]) -> [Double] {
        sections.reduce(samples) { input, section in
            let (b0, b1, b2, a1, a2) = section
            var first = 0.0
            var second = 0.0
            return input.map { x in
                let y = b0 * x + first
                first = b1 * x - a1 * y + second
                second = b2 * x - a2 * y
                return y
            }
        }
    }

    // MARK: Rate

    /// Taps on either side of the middle one. SciPy takes 10 for each step of the greater rate.
    private static let reach = 20

    /// The low-pass at half of the Nyquist frequency: sinc under a Kaiser window (β = 5), sum 1; `firwin(41, 0.5)`.
    private static let taps: [Double] = {
        let raw = (-reach...reach).map { place in
            let x = Double(place) / 2
            let sinc = place == 0 ? 1 : sin(.pi * x) / (.pi * x)
            let share = Double(place) / Double(reach)
            return sinc * bessel(5 * (1 - share * share).squareRoot())
        }
        let sum = raw.reduce(0, +)
        return raw.map { $0 / sum }
    }()

    /// The modified Bessel function of the first kind of order 0, by its series.
    private static func bessel(_ x: Double) -> Double {
        var term = 1.0
        var sum = 1.0
        for order in 1...60 {
            term *= (x / 2 / Double(order)) * (x / 2 / Double(order))
            sum += term
        }
        return sum
    }

    /// Applies the low-pass and keeps every other sample.
    private static func halved(_ samples: [Double]) -> [Double] {
        (0..<(samples.count + 1) / 2).map { output in
            taps.indices.reduce(0) { sum, tap in
                let place = 2 * output + reach - tap
                return samples.indices.contains(place) ? sum + taps[tap] * samples[place] : sum
            }
        }
    }

    /// Puts a sample between each two, interpolated by the low-pass.
    private static func doubled(_ samples: [Double]) -> [Double] {
        (0..<2 * samples.count).map { output in
            taps.indices.reduce(0) { sum, tap in
                let place = output + reach - tap
                guard place % 2 == 0, samples.indices.contains(place / 2), place >= 0 else { return sum }
                return sum + 2 * taps[tap] * samples[place / 2]
            }
        }
    }
}
