import EmotionCore
import Glibc

/// The emotion head of CA-SER: the BiLSTM over MFCC frames, the feature encoder, the cross-attention to the speech
/// encoder's representation, and the classifier.
struct FusionHead: Sendable {
    private let tapNorm: LayerNorm?
    private let lstm: BidirectionalLSTM
    private let tapProjection: Linear
    private let mfccProjection: Linear
    private let selfAttention: FusedSelfAttention
    private let selfBlock: PostNorm
    private let crossAttention: Attention
    private let crossBlock: PostNorm
    private let classifier: Linear
    private let mfccPool: Int
    private let labels: [Emotion]
    /// d: the width of a fused frame, and the length of the embedding.
    let width: Int

    /// Creates the layers from the tensors of `reader`, which records faults; the result may be used only if the
    /// reader's `finish` does not throw.
    init(_ reader: inout WeightReader, configuration: ModelConfiguration, tapWidth: Int?) {
        let d = reader.shape("cls_head.weight", rank: 2)?[1]
        let heads = configuration.crossHeads ?? 1
        labels = configuration.labels
        mfccPool = configuration.mfccPool
        width = d ?? 1
        tapNorm = configuration.tapNorm ? reader.layerNorm("tap_norm", width: tapWidth) : nil
        tapProjection = reader.linear("wav2vec_ff", inputs: tapWidth, outputs: d)
        let hidden = reader.shape("mfcc_encoder.lstm.weight_hh_l0", rank: 2)?[1]
        lstm = FusionHead.lstm(&reader, "mfcc_encoder.lstm.", hidden: hidden)
        mfccProjection = reader.linear("mfcc_ff", inputs: hidden.map { 2 * $0 }, outputs: d)
        if let d, !d.isMultiple(of: 2) { reader.note("d = \(d) is odd; sinusoidal positions need it even") }

        let stem = "mfcc_att.encoders.0."
        selfAttention = FusedSelfAttention(
            projection: reader.linear(stem + "attn.qkv_proj", inputs: d, outputs: d.map { 3 * $0 }),
            output: reader.linear(stem + "attn.out_proj", inputs: d, outputs: d))
        selfBlock = FusionHead.postNorm(&reader, stem, width: d)
        let inner = reader.shape("coatt.attn.query.weight", rank: 2)?[0]
        reader.check(inner, splitsInto: heads, "the cross-attention")
        crossAttention = Attention(
            query: reader.linear("coatt.attn.query", inputs: d, outputs: inner),
            key: reader.linear("coatt.attn.key", inputs: d, outputs: inner),
            value: reader.linear("coatt.attn.value", inputs: d, outputs: inner),
            output: reader.linear("coatt.attn.proj", inputs: inner, outputs: d), heads: heads)
        crossBlock = FusionHead.postNorm(&reader, "coatt.", width: d)
        classifier = reader.linear("cls_head", inputs: d, outputs: configuration.labels.count)
    }

    private static func lstm(_ reader: inout WeightReader, _ stem: String, hidden: Int?) -> BidirectionalLSTM {
        let gates = hidden.map { 4 * $0 }
        let layers = (0..<2).map { layer in
            let inputs = layer == 0 ? MFCC.coefficients : hidden.map { 2 * $0 }
            let directions = ["", "_reverse"].map { suffix in
                let end = "_l\(layer)\(suffix)"
                return LSTMDirection(
                    inputWeight: reader.take(stem + "weight_ih" + end, gates, inputs),
                    recurrentWeight: reader.take(stem + "weight_hh" + end, gates, hidden),
                    bias: reader.takeSum(stem + "bias_ih" + end, stem + "bias_hh" + end, gates),
                    backward: !suffix.isEmpty, precision: reader.precision)
            }
            return BidirectionalLSTM.Layer(forward: directions[0], backward: directions[1])
        }
        return BidirectionalLSTM(layers: layers)
    }

    private static func postNorm(_ reader: inout WeightReader, _ stem: String, width: Int?) -> PostNorm {
        let inner = reader.shape(stem + "linear_layers.0.weight", rank: 2)?[0]
        return PostNorm(
            attentionNorm: reader.layerNorm(stem + "ln1", width: width),
            feedForward: FeedForward(
                inner: reader.linear(stem + "linear_layers.0", inputs: width, outputs: inner),
                outer: reader.linear(stem + "linear_layers.3", inputs: inner, outputs: width)),
            finalNorm: reader.layerNorm(stem + "ln2", width: width))
    }

    /// The fewest samples that give one step of the BiLSTM.
    var minimumSamples: Int { (mfccPool - 1) * MFCC.hop }

    /// The number of BiLSTM steps of `samples` samples.
    func steps(_ samples: Int) -> Int { MFCC.frames(samples) / mfccPool }

    /// The width of the BiLSTM's states.
    var stateWidth: Int { lstm.outputs }

    /// mfcc [frames, 40] → x [steps, 40], the input of the BiLSTM: frames averaged in groups, then scaled to unit norm.
    func pool(_ mfcc: Matrix, into x: MutableMatrix, in arena: Arena) {
        x.setMeans(of: mfcc, by: mfccPool, in: arena)
        x.scaleRowsToUnitLength()
    }

    /// x [steps, 40] → the BiLSTM's states [steps, state width].
    func read(_ x: Matrix, into states: MutableMatrix, in arena: Arena, observe: StageObserver) {
        lstm(x, into: states, in: arena)
        observe("bilstm", states.view)
    }

    /// x [steps of all clips, 40] → the BiLSTM's states [steps of all clips, state width], for several clips at once.
    func read(_ x: Matrix, _ clips: PackedSequence, into states: MutableMatrix, in arena: Arena) {
        lstm(x, clips, into: states, in: arena)
    }

    /// Computes the logits and the `embedding` [1, d] of a clip from its BiLSTM states [steps, state width] and its
    /// encoder representation `ssl` [encoder frames, tap width].
    func predict(
        states: Matrix, ssl: Matrix, embedding: MutableMatrix, in arena: Arena, observe: StageObserver
    ) -> Prediction {
        arena.scope {
            let tap = arena.matrix(ssl.rows, ssl.columns)
            tap.copy(ssl)
            if let tapNorm { tapNorm(tap.view, into: tap) }
            tap.tanh()
            let memory = tapProjection(tap.view, in: arena)
            observe("ssl_projected", memory.view)
            let x = encode(states, in: arena, observe: observe)
            let attended = arena.matrix(x.rows, width)
            crossAttention(x.view, to: memory.view, into: attended, in: arena)
            crossBlock(x, attended: attended, in: arena)
            observe("fused", x.view)

            // The classifier is linear, so averaging over frames before it gives the same logits as after it.
            embedding.setColumnMeans(of: x.view, in: arena)
            observe("embedding", embedding.view)
            let logits = classifier(embedding.view, in: arena)
            observe("logits", logits.view)
            var scores = EmotionScores()
            for (index, label) in labels.enumerated() { scores[label] = logits[0, index] }
            return Prediction(logits: scores)
        }
    }

    /// states [steps, state width] → [steps, d]: projection, positional encoding, self-attention block.
    private func encode(_ states: Matrix, in arena: Arena, observe: StageObserver) -> MutableMatrix {
        let x = mfccProjection(states, in: arena)
        addPositions(x)
        arena.scope {
            let attended = arena.matrix(x.rows, width)
            selfAttention(x.view, into: attended, in: arena)
            selfBlock(x, attended: attended, in: arena)
        }
        observe("mfcc_encoded", x.view)
        return x
    }

    /// x[t] ← x[t] + (sin tω₀, cos tω₀, sin tω₁, …), ωᵢ = 10000^(−2i/d).
    private func addPositions(_ x: MutableMatrix) {
        for pair in 0..<(width / 2) {
            let frequency = expf(Float(2 * pair) * Float(-log(10_000.0) / Double(width)))
            for step in 0..<x.rows {
                let angle = Float(step) * frequency
                x[step, 2 * pair] += sinf(angle)
                x[step, 2 * pair + 1] += cosf(angle)
            }
        }
    }
}
