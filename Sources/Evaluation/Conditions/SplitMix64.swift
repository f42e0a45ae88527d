/// The random number generator SplitMix64, seeded by a clip's place in its manifest, so that a measurement can be
/// repeated.
package struct SplitMix64: RandomNumberGenerator {
    private var state: UInt64

    /// - Parameter clip: The place of the clip in its manifest.
    package init(clip: Int) {
        state = UInt64(truncatingIfNeeded: clip)
    }

    package mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
