/// Runs a model on clips. It owns threads, and scratch memory that grows to what the longest clip needs and stays: a
/// second `run` on as many samples allocates nothing. Use one engine on one thread at a time.
public final class InferenceEngine {
    public let model: EmotionModel
    /// Called with every intermediate result while an inference runs; nil (the default) costs nothing.
    public var observer: ((Stage) -> Void)?
    /// Called with the name of every intermediate result (see `Stage`) as soon as it is there, for measurements.
    public var stageMark: ((String) -> Void)?
    private let workspace: Workspace

    init(model: EmotionModel) {
        self.model = model
        workspace = Workspace(threads: model.threads)
    }

    /// Bytes of scratch memory that the engine holds.
    public var scratchBytes: Int {
        workspace.arena.capacity * MemoryLayout<Float>.stride + workspace.arena.team.scratchBytes
    }

    /// Multiply-accumulates of all matrix products so far.
    public var macs: Int { workspace.arena.team.macs }

    /// The emotion of a clip of 16 kHz mono samples, full scale ±1.
    ///
    /// The clip is taken as it is: `Clip.tile` brings a short one to the 3 s that the network was trained on.
    ///
    /// - Throws: `noHead` for weights without one, else what `embed` throws.
    public func run(_ samples: Span<Float>) throws(InferenceError) -> Prediction {
        try predict(samples) { _ in }
    }

    /// `run`, and the utterance representation that the paper offers for downstream tasks: the fused sequence averaged
    /// over frames, d numbers (512 in the paper's configuration).
    public func run(_ samples: Span<Float>, embedding: inout [Float]) throws(InferenceError) -> Prediction {
        try predict(samples) { embedding = $0.values }
    }

    /// Hands `take` the embedding [1, d].
    private func predict(_ samples: Span<Float>, take: (Matrix) -> Void) throws(InferenceError) -> Prediction {
        guard let head = model.head else { throw .noHead }
        return try withRepresentation(of: samples) { wave, ssl, observe in
            let arena = workspace.arena
            let mfcc = arena.matrix(MFCC.frames(wave.count), MFCC.coefficients)
            workspace.mfcc.compute(wave, into: mfcc, in: arena)
            observe("mfcc", mfcc.view)
            let embedding = arena.matrix(1, head.width)
            let prediction = head.predict(
                mfcc: mfcc.view, ssl: ssl, embedding: embedding, in: arena, observe: observe)
            take(embedding.view)
            return prediction
        }
    }

    /// A representation of a whole clip: with a head the one `run` gives, without one the mean over frames of the
    /// encoder's tap.
    ///
    /// - Throws: `tooShort` or `tooLong` where the encoder cannot take so many samples in one pass, `notFinite` for a
    ///   sample that is not a number.
    public func embed(_ samples: Span<Float>) throws(InferenceError) -> [Float] {
        if model.hasHead {
            var embedding: [Float] = []
            _ = try run(samples, embedding: &embedding)
            return embedding
        }
        return try withRepresentation(of: samples) { _, ssl, observe in
            let mean = workspace.arena.matrix(1, ssl.columns)
            mean.setColumnMeans(of: ssl, in: workspace.arena)
            observe("embedding", mean.view)
            return mean.view.values
        }
    }

    /// `run` on an array.
    public func run(_ samples: [Float]) throws(InferenceError) -> Prediction { try run(samples.span) }

    /// `run` on an array.
    public func run(_ samples: [Float], embedding: inout [Float]) throws(InferenceError) -> Prediction {
        try run(samples.span, embedding: &embedding)
    }

    /// `run` on part of an array.
    public func run(_ samples: ArraySlice<Float>) throws(InferenceError) -> Prediction { try run(samples.span) }

    /// `embed` on an array.
    public func embed(_ samples: [Float]) throws(InferenceError) -> [Float] { try embed(samples.span) }

    /// `embed` on part of an array.
    public func embed(_ samples: ArraySlice<Float>) throws(InferenceError) -> [Float] { try embed(samples.span) }

    /// Hands `body` the levelled wave [samples, 1] and the encoder's representation of it [frames, width].
    private func withRepresentation<Result>(
        of samples: Span<Float>, _ body: (Matrix, Matrix, StageObserver) -> Result
    ) throws(InferenceError) -> Result {
        let count = samples.count
        guard count >= model.minimumSamples else { throw .tooShort(samples: count, minimum: model.minimumSamples) }
        guard count <= model.maximumSamples else { throw .tooLong(samples: count, maximum: model.maximumSamples) }
        let arena = workspace.arena
        defer { arena.settle() }
        let observe = StageObserver(receive: observer, mark: stageMark)
        return try arena.scope { () throws(InferenceError) -> Result in
            let wave = arena.matrix(count, 1)
            for index in 0..<count {
                guard samples[index].isFinite else { throw .notFinite(index: index) }
                wave[index, 0] = samples[index]
            }
            if let level = model.configuration.levelDBFS { Clip.setLevel(wave, decibels: level) }
            let ssl = arena.matrix(model.encoder.frames(count), model.encoder.width)
            model.encoder.encode(wave.view, into: ssl, with: workspace, observe: observe)
            observe("ssl", ssl.view)
            return body(wave.view, ssl.view, observe)
        }
    }
}
