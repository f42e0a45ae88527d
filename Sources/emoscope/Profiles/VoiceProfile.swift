import EmotionCore
import EmotionFiles
import EmotionNetwork

/// What is kept of how a person's voice sounds when it is neutral. It holds no sound.
struct VoiceProfile: Codable {
    static let format = "emoscope-profile/1"
    /// Logits beyond this are no network's.
    private static let largestLogit: Float = 1000
    private static let largestSeconds = 1e6

    var format: String
    var emoscope: String
    var name: String
    /// ISO 8601.
    var date: String
    /// The device or the file that was heard.
    var source: String
    /// Seconds of speech.
    var seconds: Double
    /// The mean of the network's outputs, by emotion.
    var logits: [String: Float]
    /// The mean of the utterance representations.
    var representation: [Float]
    /// The file of the weights, and the digest of their data.
    var weights: String
    var sha256: String

    init(_ name: String, _ baseline: VoiceBaseline, representation: [Float], source: String, model: EmotionModel) {
        format = Self.format
        emoscope = Version.number
        self.name = name
        date = WallTime.now.iso8601
        self.source = source
        seconds = baseline.seconds
        logits = Dictionary(uniqueKeysWithValues: Emotion.allCases.map { ($0.rawValue, baseline.logits[$0]) })
        self.representation = representation
        weights = String(model.path.split(separator: "/").last ?? "")
        sha256 = model.metadata[WeightsDescription.digestKey] ?? ""
    }

    /// Decodes a profile; nil if the bytes are not one, or a number in it makes no sense.
    init?(_ bytes: [UInt8]) {
        guard let profile: Self = try? JSONText.decode(bytes), profile.format == Self.format,
            profile.logits.count == Emotion.allCases.count,
            Emotion.allCases.allSatisfy({ abs(profile.logits[$0.rawValue] ?? .nan) <= Self.largestLogit }),
            profile.seconds > 0, profile.seconds <= Self.largestSeconds
        else { return nil }
        self = profile
    }

    var baseline: VoiceBaseline {
        VoiceBaseline(logits: EmotionScores { logits[$0.rawValue] ?? 0 }, seconds: seconds)
    }

    /// Whether it was made with these weights.
    func fits(_ model: EmotionModel) -> Bool { sha256 == model.metadata[WeightsDescription.digestKey] }
}
