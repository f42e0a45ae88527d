import EmotionCore
import EmotionNetwork

/// What is kept of a person's voice: how it sounds when it is neutral, and how it can be told from others. It holds no
/// sound.
struct VoiceProfile: Codable {
    static let format = "emoscope-profile/2"
    /// The format before, which has no embedding.
    private static let formatWithoutEmbedding = "emoscope-profile/1"
    /// The lengths that a representation may have: no network's is longer.
    private static let representationLengths = 1...8192

    var format: String
    var emoscope: String
    var name: String
    /// ISO 8601.
    var date: String
    /// The device or the file that was heard.
    var source: String
    /// Seconds of speech that were heard.
    var heardSeconds: Double
    /// Seconds of speech that were kept: those that the mean is over.
    var seconds: Double
    /// The mean of the network's outputs.
    var logits: EmotionScores
    /// The mean of the utterance representations.
    var representation: [Float]
    /// The speaker embedding, of unit length, which identifies the person; nil in a profile of the format before.
    var embedding: [Float]?
    /// The file of the weights, and the digest of their data.
    var weights: String
    var sha256: String

    /// - Parameter heard: Seconds of speech that the baseline was chosen from.
    init(
        _ name: String, _ baseline: VoiceBaseline, heard: Double, representation: [Float],
        embedding: SpeakerEmbedding, source: String, model: EmotionModel
    ) {
        format = Self.format
        emoscope = Version.number
        self.name = name
        date = WallTime.now.iso8601
        self.source = source
        heardSeconds = heard
        seconds = baseline.seconds
        logits = baseline.logits
        self.representation = representation
        self.embedding = embedding.values
        weights = String(model.path.split(separator: "/").last ?? "")
        sha256 = model.metadata[WeightsDescription.digestKey] ?? ""
    }

    /// Decodes a profile; nil if the bytes are not one, or a number in it makes no sense.
    init?(_ bytes: [UInt8]) {
        guard let profile: Self = try? JSONText.decode(bytes), profile.hasItsFormat, profile.baseline.isPlausible,
            profile.seconds > 0,
            VoiceBaseline.plausibleSeconds.contains(profile.heardSeconds),
            Self.representationLengths.contains(profile.representation.count),
            profile.representation.allSatisfy(\.isFinite)
        else { return nil }
        self = profile
    }

    /// Whether the format is known, and the embedding is what the format says.
    private var hasItsFormat: Bool {
        switch format {
        case Self.format: embedding.map(SpeakerEmbedding.isUnitVector) ?? false
        case Self.formatWithoutEmbedding: embedding == nil
        default: false
        }
    }

    /// The speaker embedding; nil in a profile that was made before profiles held one.
    var voice: SpeakerEmbedding? { embedding.flatMap { SpeakerEmbedding($0) } }

    var baseline: VoiceBaseline { VoiceBaseline(logits: logits, seconds: seconds) }

    /// Whether it was made with the weights of this digest.
    func fits(_ digest: String?) -> Bool { sha256 == digest }
}

extension VoiceBaseline {
    /// Logits beyond this are no network's.
    private static let largestLogit: Float = 1000
    static let plausibleSeconds = 0...1e6

    /// Whether the numbers, which come from a file, can be those of a voice.
    var isPlausible: Bool {
        logits.values.allSatisfy { abs($0) <= Self.largestLogit } && Self.plausibleSeconds.contains(seconds)
    }
}
