/// Channels that cancel one another out where they are mixed, as those of a cable with one wire reversed.
package enum ChannelCancellation {
    /// The mean of the channels counts as nothing where its power is less than a hundredth of theirs, 20 dB down.
    private static let leastMixedPower = 0.01
    /// The mean square of the channels below which they are silent, -90 dB.
    private static let leastPower = 1e-9

    /// Returns whether the mean of channels is nothing, though they are not silent.
    ///
    /// - Parameters:
    ///   - mixed: The sum of the squares of the mean.
    ///   - power: The sum of the squares of all channels, divided by their number.
    ///   - frames: The number of frames in both sums.
    package static func isThere(mixed: Double, power: Double, frames: Int) -> Bool {
        power > leastPower * Double(frames) && mixed < leastMixedPower * power
    }
}
