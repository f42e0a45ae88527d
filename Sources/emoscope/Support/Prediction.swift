import EmotionCore
import EmotionRecognition
import EmotionStream

/// The answer of `predict` about a recording, or about a take of a microphone.
struct Prediction: Encodable {
    /// What was heard.
    enum Source {
        case file(String)
        /// By its ALSA name.
        case microphone(String)
    }

    private enum CodingKeys: CodingKey {
        case file, microphone, seconds, speech, label, baseline, probabilities, logits, warnings
    }

    let source: Source
    let clip: RecognitionResult
    /// An emotion, `unsure` or `silence`.
    let label: String
    /// What the scores are corrected by, in a word.
    let baseline: String
    let warnings: [String]

    init(source: Source, clip: RecognitionResult, unsureBelow: Double, baseline: String, warnings: [String]) {
        self.source = source
        self.clip = clip
        label = clip.scores.map { Decision($0, unsureBelow: unsureBelow).word } ?? SegmentLabel.silence.word
        self.baseline = baseline
        self.warnings = warnings
    }

    /// A line for people.
    var line: String {
        let name =
            switch source {
            case .file(let file): file
            case .microphone: "microphone"
            }
        guard let scores = clip.scores else { return "\(name): \(label)" }
        let shares = Emotion.allCases.map { "\($0.rawValue) \(Double(scores[$0]).fixed(3))" }
        return "\(name): \(label)  (\(shares.joined(separator: ", ")))"
    }

    /// Encodes every member, null where it does not apply; `file` or `microphone` says what was heard.
    func encode(to encoder: any Encoder) throws {
        var object = encoder.container(keyedBy: CodingKeys.self)
        switch source {
        case .file(let file): try object.encode(FileName.unicode(file), forKey: .file)
        case .microphone(let device): try object.encode(device, forKey: .microphone)
        }
        try object.encode(RoundedNumber(clip.seconds, places: 3), forKey: .seconds)
        try object.encode(clip.speech.map { RoundedNumber($0, places: 3) }, forKey: .speech)
        try object.encode(label, forKey: .label)
        try object.encode(clip.isSilence ? nil : baseline, forKey: .baseline)
        try object.encode(clip.scores?.rounded(places: 6), forKey: .probabilities)
        try object.encode(clip.logits?.rounded(places: 5), forKey: .logits)
        try object.encode(warnings, forKey: .warnings)
    }
}
