import Glibc

/// A louder or quieter recording.
package enum Gain {
    /// Amplifies `samples` by `decibels`, clipped at ±1 as a converter clips.
    package static func apply(_ samples: [Float], decibels: Double) -> [Float] {
        let factor = Float(power(decibels / 20))
        return samples.map { min(max($0 * factor, -1), 1) }
    }
}

/// Returns 10 to the power of `exponent`.
func power(_ exponent: Double) -> Double { pow(10, exponent) }
