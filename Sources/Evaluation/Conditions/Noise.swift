/// The mix of a voice with noise at a signal-to-noise ratio, by the arithmetic of the training's `conditions.py`.
package enum Noise {
    /// Samples of a frame: 20 ms at 16 kHz.
    private static let frame = 320
    /// The power of the quietest frame that counts as sound, as a share of the loudest one's: -35 dB.
    private static let range = 3.1622776601683795e-4

    /// Adds an excerpt of `noise` to `voice`.
    ///
    /// The excerpt begins at a frame that holds sound and is repeated to the voice's length. Where the sum exceeds ±1,
    /// all of it is scaled down to ±1, which keeps the ratio.
    ///
    /// - Parameters:
    ///   - voice: 16 kHz samples.
    ///   - noise: 16 kHz samples, of any length.
    ///   - ratio: RMS of the voice, in the frames that hold sound, relative to the RMS of the noise, in dB.
    ///   - draw: A random number that decides where the excerpt begins.
    /// - Returns: As many samples as `voice`; nil where the noise holds no sound.
    package static func mix(_ voice: [Float], _ noise: [Float], ratio: Double, draw: UInt64) -> [Float]? {
        let starts = active(noise).starts
        guard !starts.isEmpty, !voice.isEmpty else { return starts.isEmpty ? nil : voice }
        let start = starts[Int(draw % UInt64(starts.count))]
        let excerpt = voice.indices.map { Double(noise[(start + $0) % noise.count]) }
        let level = (excerpt.reduce(0) { $0 + $1 * $1 } / Double(excerpt.count)).squareRoot()
        guard level > 0 else { return nil }
        let scale = active(voice).rms * power(-ratio / 20) / level
        let sum = zip(voice, excerpt).map { Double($0) + $1 * scale }
        let peak = sum.reduce(1) { max($0, abs($1)) }
        return sum.map { Float($0 / peak) }
    }

    /// Finds the starts of the frames that hold sound, and the RMS of all of them together.
    private static func active(_ samples: [Float]) -> (starts: [Int], rms: Double) {
        let frames = stride(from: 0, to: max(samples.count / frame * frame, min(samples.count, 1)), by: frame)
        let powers = frames.map { start in
            samples[start..<min(start + frame, samples.count)].reduce(0.0) { $0 + Double($1) * Double($1) }
        }
        guard let loudest = powers.max(), loudest > 0 else { return ([], 0) }
        let loud = zip(frames, powers).filter { $0.1 >= loudest * range }
        let mean = loud.reduce(0) { $0 + $1.1 } / Double(loud.count * frame)
        return (loud.map(\.0), mean.squareRoot())
    }
}
