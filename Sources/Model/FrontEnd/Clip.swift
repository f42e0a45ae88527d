import EmotionCore
import Glibc

/// Preprocessing of a clip before the front ends.
public enum Clip {
    /// Samples below which a clip is tiled: 3 s.
    public static let minimumSamples = 3 * AudioFormat.sampleRate
    /// Samples of the longest clip: 13 s, where the authors' inference code truncates longer ones.
    public static let maximumSamples = 13 * AudioFormat.sampleRate

    /// Repeats a whole clip until it has at least 3 s, so that 2 s become 4 s, as in the authors' code. An empty clip
    /// stays empty.
    public static func tile(_ samples: [Float]) -> [Float] {
        guard !samples.isEmpty, samples.count < minimumSamples else { return samples }
        let copies = (minimumSamples + samples.count - 1) / samples.count
        var tiled: [Float] = []
        tiled.reserveCapacity(copies * samples.count)
        for _ in 0..<copies { tiled += samples }
        return tiled
    }

    /// The gain that brings the clip's RMS to `decibels` relative to full scale 1; 1 for an RMS below 1e-6 (silence).
    static func gain(of wave: Matrix, to decibels: Double) -> Float {
        let (mean, variance) = wave.moments()
        let rms = sqrt(variance + mean * mean)
        return rms >= 1e-6 ? Float(pow(10, decibels / 20) / rms) : 1
    }

    /// Scales the clip to zero mean and unit variance, with 1e-7 added to the variance as in Wav2Vec2FeatureExtractor.
    static func normalise(_ wave: MutableMatrix) {
        let (mean, variance) = wave.view.moments()
        let scale = 1 / sqrt(variance + 1e-7)
        wave.scale(by: Float(scale), plus: Float(-mean * scale))
    }
}
