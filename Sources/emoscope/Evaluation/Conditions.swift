import EmotionCore
import EmotionEvaluation
import EmotionNetwork
import EmotionSoundFiles
import EmotionStream

/// The changes that the options make to a clip before the network reads it: noise, telephone band, gain, in that order.
struct Conditions {
    /// The most samples of a noise that are used: a minute.
    private static let longestNoise = 60 * AudioFormat.sampleRate

    /// Paths of the noises; empty where none is asked for.
    private let noises: [String]
    private let ratio: Double
    private let band: Band?
    private let gain: Double?

    /// - Throws: If the folder of noises cannot be read or holds no recording.
    init(_ options: ConditionOptions) throws {
        noises = try options.noise.map { folder throws(EvaluationError) in try Recordings.list(folder) } ?? []
        ratio = options.snr ?? 10
        band = options.band
        gain = options.gain
    }

    /// Returns `samples` in these conditions; their number is unchanged.
    ///
    /// - Parameter place: Index of the clip in its manifest, which decides the noise and where its excerpt begins.
    func apply(to samples: [Float], place: Int) throws -> [Float] {
        var samples = samples
        if !noises.isEmpty {
            var draw = SplitMix64(clip: place)
            let path = noises[Int(draw.next() % UInt64(noises.count))]
            let noise = try AudioFile(path: path).read(upTo: Self.longestNoise)
            guard let mixed = Noise.mix(samples, noise, ratio: ratio, draw: draw.next()) else {
                throw Failure(.runTime, "the noise \"\(path)\" holds no sound; take it out of its folder")
            }
            samples = mixed
        }
        if band == .telephone { samples = Telephone.pass(samples) }
        if let gain { samples = Gain.apply(samples, decibels: gain) }
        return samples
    }

    /// The conditions for the heading of a report; empty without any.
    var summary: String {
        var parts: [String] = []
        if !noises.isEmpty { parts.append("noise at \(ratio.fixed(1)) dB SNR") }
        if band == .telephone { parts.append("telephone band") }
        if let gain { parts.append("gain \(gain.fixed(1)) dB") }
        return parts.map { "; " + $0 }.joined()
    }
}
