import EmotionCore

/// Finds the scale of floating-point samples: full scale is 1, or that of integers of 8, 16, 24 or 32 bits.
///
///     var scale = StoredScale()
///     for piece in pieces { scale.add(piece) }
///     scale.bits                                           // 16 for samples in ±32768; nil for ±1
///
/// Programs that convert integers to floats without dividing them write such files. A file's samples are looked at before one
/// is read: a quiet beginning says nothing.
package struct StoredScale {
    /// The magnitude from which a sample is no sound of full scale 1: 24 dB over it.
    private static let loudest: Float = 16
    /// How far resampled or filtered integers reach beyond their full scale.
    private static let overshoot: Float = 1.25
    /// The full scales of integers, smallest first.
    private static let scales: [(bits: Int, full: Float)] = [(8, 0x1p7), (16, 0x1p15), (24, 0x1p23), (32, 0x1p31)]

    /// Finite samples other than 0.
    private var sounding = 0
    /// Those of them within ±1.
    private var small = 0
    /// Those of them in the range of integers, by the smallest scale that holds them.
    private var large = [Int](repeating: 0, count: scales.count)
    /// Those of them beyond every scale.
    private var absurd = 0

    package init() {}

    package mutating func add(_ samples: UnsafeBufferPointer<Float>) {
        for index in samples.indices {
            let magnitude = unsafe abs(samples[index])
            guard magnitude > 0, magnitude < .infinity else { continue }
            sounding += 1
            if magnitude <= 1 {
                small += 1
            } else if magnitude > Self.loudest {
                if let scale = Self.scales.firstIndex(where: { magnitude <= $0.full * Self.overshoot }) {
                    large[scale] += 1
                } else {
                    absurd += 1
                }
            }
        }
    }

    /// The bits of the integers whose scale the samples have; nil where their full scale is 1.
    ///
    /// Some loud samples among sound within ±1 are spikes, and where many are beyond every scale, the data are damaged:
    /// neither is another scale.
    package var bits: Int? {
        let many = large.reduce(0, +)
        guard many > 0, absurd <= many / 10 else { return nil }
        guard many >= sounding / 50 || (small <= sounding / 2 && many >= sounding / 10_000) else { return nil }
        // A spike beyond the scale of all other samples does not decide.
        var beyond = many
        for (count, scale) in zip(large, Self.scales) {
            beyond -= count
            if beyond <= many / 1000 { return scale.bits }
        }
        return nil
    }

    /// The factor that brings the samples to full scale 1.
    package var factor: Float { bits.map { 1 / Float(UInt64(1) << UInt64($0 - 1)) } ?? 1 }

    /// The warning about the scale; nil where full scale is 1.
    package func warning(_ path: String?) -> SoundWarning? {
        bits.map { bits in
            SoundWarning(
                .integerScale, path,
                "its floating-point samples have the scale of integers of \(bits) bits, ±\(UInt64(1) << UInt64(bits - 1)): "
                    + "they were scaled to ±1")
        }
    }
}
