/// Runs a model on clips, with threads and scratch memory of its own.
///
/// The scratch memory grows to the size that the longest clip needs and is kept, so a second `run` on as many samples
/// allocates nothing. One thread at a time may use an engine.
public final class InferenceEngine {
    public let model: EmotionModel
    /// A function called with each intermediate result during an inference; nil (the default) costs nothing.
    public var observer: ((Stage) -> Void)?
    /// A function called with the name of each intermediate result (see `Stage`) once it is computed, for measurements.
    public var stageMark: ((String) -> Void)?
    let workspace: Workspace

    init(model: EmotionModel, threads: Int) {
        self.model = model
        workspace = Workspace(threads: threads)
    }

    /// The size of the engine's scratch memory, in bytes.
    public var scratchBytes: Int {
        workspace.arena.capacity * MemoryLayout<Float>.stride + workspace.arena.pool.scratchBytes
    }

    /// The number of multiply-accumulates of all matrix products so far.
    public var macs: Int { workspace.arena.pool.macs }

    /// The matrix products of one inference on `samples`, and how often it computes each, for measurements.
    public func products(of samples: [Float]) throws -> [MatrixProduct: Int] {
        try workspace.arena.pool.products { _ = try run(samples) }
    }

    /// Makes the front ends cache the frames of the last `windows` windows, and reuse them in a later window of the
    /// same length that overlaps one of them, as the windows of a stream do.
    ///
    /// The results are the same to the last bit. A cached window of 3 s takes 0.6 MB.
    ///
    /// - Parameters:
    ///   - windows: The number of cached windows: one for each stream that shares this engine.
    ///   - hop: Samples between the starts of consecutive windows; dropped windows are allowed. The cache has an effect
    ///     only if a multiple of `hop` shorter than a window is also a multiple of the front ends' hop of 10 ms.
    public func enableCache(windows: Int, hop: Int) { workspace.enableCache(windows: windows, spacing: hop) }

    /// Predicts the emotion of a clip of 16 kHz mono samples, full scale ±1.
    ///
    /// The clip is not tiled: `Clip.tile` brings a short clip to the 3 s that the network was trained on.
    ///
    /// - Throws: `noHead` for weights without a head, else what `embed` throws.
    public func run(_ samples: Span<Float>) throws(InferenceError) -> Prediction {
        try predict(samples) { _ in }
    }

    /// Predicts the emotion of a clip as `run(_:)` does, and sets `embedding` to its utterance representation, which
    /// the paper offers for downstream tasks: the fused sequence averaged over frames, d numbers (512 in the paper's
    /// configuration).
    public func run(_ samples: Span<Float>, embedding: inout [Float]) throws(InferenceError) -> Prediction {
        try predict(samples) { embedding = $0.values }
    }

    /// Predicts the emotion of a clip, and calls `take` with the embedding [1, d].
    private func predict(_ samples: Span<Float>, take: (Matrix) -> Void) throws(InferenceError) -> Prediction {
        guard let head = model.head else { throw .noHead }
        return try withRepresentation(of: samples) { wave, ssl, observe in
            let arena = workspace.arena
            let states = arena.matrix(head.steps(wave.samples.count), head.stateWidth)
            arena.scope {
                let x = arena.matrix(states.rows, MFCC.coefficients)
                read(wave, into: x, head: head, observe: observe)
                head.read(x.view, into: states, in: arena, observe: observe)
            }
            let embedding = arena.matrix(1, head.width)
            let prediction = head.predict(
                states: states.view, ssl: ssl, embedding: embedding, in: arena, observe: observe)
            take(embedding.view)
            return prediction
        }
    }

    /// x [steps, 40] ← the BiLSTM's input for a clip.
    func read(_ wave: Wave, into x: MutableMatrix, head: FusionHead, observe: StageObserver) {
        let arena = workspace.arena
        arena.scope {
            let mfcc = arena.matrix(MFCC.frames(wave.samples.count), MFCC.coefficients)
            workspace.mfcc.compute(wave.samples, gain: wave.gain, into: mfcc, in: arena)
            observe("mfcc", mfcc.view)
            head.pool(mfcc.view, into: x, in: arena)
        }
    }

    /// The representation of a whole clip: with a head, the embedding that `run` gives; without one, the encoder's
    /// output averaged over frames.
    ///
    /// - Throws: `tooShort` or `tooLong` where the encoder cannot take the number of samples in one pass, `notFinite`
    ///   for a sample that is infinite or not a number.
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

    /// Calls `run` on an array.
    public func run(_ samples: [Float]) throws(InferenceError) -> Prediction { try run(samples.span) }

    /// Calls `run` on an array.
    public func run(_ samples: [Float], embedding: inout [Float]) throws(InferenceError) -> Prediction {
        try run(samples.span, embedding: &embedding)
    }

    /// Calls `run` on an array slice.
    public func run(_ samples: ArraySlice<Float>) throws(InferenceError) -> Prediction { try run(samples.span) }

    /// Calls `embed` on an array.
    public func embed(_ samples: [Float]) throws(InferenceError) -> [Float] { try embed(samples.span) }

    /// Calls `embed` on an array slice.
    public func embed(_ samples: ArraySlice<Float>) throws(InferenceError) -> [Float] { try embed(samples.span) }

    /// Calls `body` with the clip and the encoder's representation of it [frames, width].
    private func withRepresentation<Result>(
        of samples: Span<Float>, _ body: (Wave, Matrix, StageObserver) -> Result
    ) throws(InferenceError) -> Result {
        if let fault = fault(of: samples) { throw fault }
        let arena = workspace.arena
        defer { arena.settle() }
        let observe = StageObserver(receive: observer, mark: stageMark)
        return arena.scope {
            let wave = wave(samples)
            return body(wave, represent(wave, observe: observe), observe)
        }
    }

    /// The reason why the network cannot read a clip; nil if it can.
    func fault(of samples: Span<Float>) -> InferenceError? {
        let count = samples.count
        if count < model.minimumSamples { return .tooShort(samples: count, minimum: model.minimumSamples) }
        if count > model.maximumSamples { return .tooLong(samples: count, maximum: model.maximumSamples) }
        for index in 0..<count where !samples[index].isFinite { return .notFinite(index: index) }
        return nil
    }

    /// A clip in the arena, [samples, 1], and the gain that brings it to the level that the weights were trained on.
    struct Wave {
        let samples: Matrix
        let gain: Float
    }

    func wave(_ samples: Span<Float>) -> Wave {
        let wave = workspace.arena.matrix(samples.count, 1)
        for index in 0..<samples.count { wave[index, 0] = samples[index] }
        let gain = model.configuration.levelDBFS.map { Clip.gain(of: wave.view, to: $0) } ?? 1
        return Wave(samples: wave.view, gain: gain)
    }

    /// The encoder's representation of a clip [frames, width], allocated from the arena.
    func represent(_ wave: Wave, observe: StageObserver) -> Matrix {
        let ssl = workspace.arena.matrix(model.encoder.frames(wave.samples.count), model.encoder.width)
        model.encoder.encode(wave.samples, gain: wave.gain, into: ssl, with: workspace, observe: observe)
        observe("ssl", ssl.view)
        return ssl.view
    }
}
