import EmotionCore
import Glibc

/// What is done to a clip before the front ends see it.
public enum Clip {
    /// 3 s; shorter clips are tiled.
    public static let minimumSamples = 3 * AudioFormat.sampleRate
    /// 13 s; the authors' inference code cuts longer clips there.
    public static let maximumSamples = 13 * AudioFormat.sampleRate

    /// The clip repeated whole until it has at least 3 s, so that 2 s become 4 s, as the authors' code does. An empty
    /// clip stays empty.
    public static func tile(_ samples: [Float]) -> [Float] {
        guard !samples.isEmpty, samples.count < minimumSamples else { return samples }
        let copies = (minimumSamples + samples.count - 1) / samples.count
        var tiled: [Float] = []
        tiled.reserveCapacity(copies * samples.count)
        for _ in 0..<copies { tiled += samples }
        return tiled
    }

    /// What brings the clip's RMS to `decibels` relative to full scale 1.0; 1 for one below 1e-6 (silence).
    static func gain(of wave: Matrix, to decibels: Double) -> Float {
        let (mean, variance) = wave.moments()
        let rms = sqrt(variance + mean * mean)
        return rms >= 1e-6 ? Float(pow(10, decibels / 20) / rms) : 1
    }

    /// Scales the clip to zero mean and unit variance, as Wav2Vec2FeatureExtractor does (1e-7 is added to the variance).
    static func normalise(_ wave: MutableMatrix) {
        let (mean, variance) = wave.view.moments()
        let scale = 1 / sqrt(variance + 1e-7)
        wave.scale(by: Float(scale), plus: Float(-mean * scale))
    }
}
