import EmotionCore

/// What the tensors' shapes cannot tell about a network; from the weights file's metadata (Weights/training/export.py).
public struct ModelConfiguration: Sendable, Equatable {
    public enum Encoder: String, Sendable, CaseIterable {
        case wav2vec2, whisper
    }

    public let encoder: Encoder
    /// Encoder blocks run before its representation is taken.
    public let tap: Int
    public let encoderHeads: Int
    /// Heads of the cross-attention; nil where the file has no head.
    public let crossHeads: Int?
    /// In the order of the logits; empty where the file has no head.
    public let labels: [Emotion]
    /// The blocks whose standardised outputs, weighted, sum up to the representation, counted from 1 and ascending, the
    /// last of them `tap`; empty where the representation is the last block's output as it is.
    public let tapMix: [Int]
    /// Frames of the representation averaged into one before the LayerNorm and the tanh.
    public let tapPool: Int
    /// The block, 1 to `tap`, after which they are averaged: later blocks run on the averages, and an earlier one's
    /// output in the mix is averaged on its own.
    public let tapPoolAfter: Int
    /// Whether a LayerNorm precedes the tanh.
    public let tapNorm: Bool
    /// MFCC frames averaged into one step of the BiLSTM.
    public let mfccPool: Int
    /// RMS, relative to full scale, to which each clip is scaled before both front ends; nil for as it is.
    public let levelDBFS: Double?

    /// Probability below which the likeliest emotion is better not named; 0 for never.
    public let unsure: Double

    /// How far a voice's baseline moves the logits.
    public let correction: BaselineCorrection

    /// Whether the file holds an emotion head on top of the encoder.
    public var hasHead: Bool { !labels.isEmpty }
}

extension ModelConfiguration {
    /// - Throws: `mismatch` where the labels are not our four emotions, for the network's logits have no other names.
    init(_ description: WeightsDescription) throws(WeightsError) {
        let labels = description.labels.compactMap(Emotion.init)
        guard labels.count == description.labels.count, labels.isEmpty || Set(labels).count == Emotion.allCases.count
        else {
            throw WeightsError(
                .mismatch, file: description.path,
                problem: "its metadata has 'labels' \(quoted(description.labels.joined(separator: ",")))",
                remedy: "use weights for angry, happy, neutral and sad, in any order")
        }
        self.labels = labels
        // `WeightsDescription` has checked that the encoder is one of the two.
        encoder = Encoder(rawValue: description.encoder) ?? .wav2vec2
        tap = description.tap
        encoderHeads = description.encoderHeads
        crossHeads = description.crossHeads
        tapMix = description.tapMix
        tapPool = description.tapPool
        tapPoolAfter = description.tapPoolAfter
        tapNorm = description.hasTapNorm
        mfccPool = description.mfccPool
        levelDBFS = description.levelDBFS
        unsure = description.unsure
        correction =
            description.offset.map { offset in
                let usual = Dictionary(uniqueKeysWithValues: zip(labels, offset.usual))
                return BaselineCorrection(doubt: offset.doubt, usual: EmotionScores { usual[$0] ?? 0 })
            } ?? .standard
    }
}
