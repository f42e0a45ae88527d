import EmotionCore

/// The properties of a network that its tensors' shapes do not determine, from the metadata of the weights file
/// (written by Weights/training/export.py).
public struct ModelConfiguration: Sendable, Equatable {
    public enum Encoder: String, Sendable, CaseIterable {
        case wav2vec2, whisper
    }

    public let encoder: Encoder
    /// The number of encoder blocks run; the output of the last is the representation unless `tapMix` says otherwise.
    public let tap: Int
    public let encoderHeads: Int
    /// The heads of the cross-attention; nil where the file has no emotion head.
    public let crossHeads: Int?
    /// The labels in the order of the logits; empty where the file has no emotion head.
    public let labels: [Emotion]
    /// The blocks whose standardised outputs are summed, with weights, to the representation, counted from 1 and
    /// ascending, the last of them `tap`; empty where the representation is the output of block `tap`.
    public let tapMix: [Int]
    /// Consecutive frames that are averaged into one frame of the representation, before the LayerNorm and the tanh.
    public let tapPool: Int
    /// The block, 1 to `tap`, after which frames are averaged: later blocks run on the averages, and the output of an
    /// earlier block in the mix is averaged on its own.
    public let tapPoolAfter: Int
    /// Whether a LayerNorm precedes the tanh.
    public let tapNorm: Bool
    /// MFCC frames averaged into one step of the BiLSTM.
    public let mfccPool: Int
    /// RMS in dB relative to full scale to which each clip is scaled before both front ends; nil for no scaling.
    public let levelDBFS: Double?

    /// The probability below which no emotion should be named; 0 to always name one.
    public let unsure: Double

    /// How far a voice's baseline moves the logits.
    public let correction: BaselineCorrection

    /// Whether the file contains an emotion head beside the encoder.
    public var hasHead: Bool { !labels.isEmpty }
}

extension ModelConfiguration {
    /// - Throws: `mismatch` where the labels are not exactly the four emotions.
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
