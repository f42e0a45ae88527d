import Glibc

/// Loudness in dBFS.
package enum Level {
    /// Level of digital silence, in dBFS: the lower bound of all levels.
    package static let floor: Float = -120

    /// Root mean square of the samples in dB re full scale 1.0, not below `floor`.
    package static func dbfs(_ samples: some Collection<Float>) -> Float {
        guard !samples.isEmpty else { return floor }
        var sum = 0.0
        for sample in samples { sum += Double(sample) * Double(sample) }
        return decibels(Float((sum / Double(samples.count)).squareRoot()))
    }

    /// An amplitude (0…1) in dB re full scale, not below `floor`.
    package static func decibels(_ amplitude: Float) -> Float {
        amplitude > 0 ? max(floor, 20 * log10(amplitude)) : floor
    }
}
