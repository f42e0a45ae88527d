/// Runs a model on clips. It owns threads, and scratch memory that grows to what the longest clip needs and stays: a
/// second `run` on as many samples allocates nothing. Use one engine on one thread at a time.
public final class InferenceEngine {
    public let model: EmotionModel
    /// Called with every intermediate result while an inference runs; nil (the default) costs nothing.
    public var observer: ((Stage) -> Void)?
    /// Called with the name of every intermediate result (see `Stage`) as soon as it is there, for measurements.
    public var stageMark: ((String) -> Void)?
    let workspace: Workspace

    init(model: EmotionModel, threads: Int) {
        self.model = model
        workspace = Workspace(threads: threads)
    }

    /// Bytes of scratch memory that the engine holds.
    public var scratchBytes: Int {
        workspace.arena.capacity * MemoryLayout<Float>.stride + workspace.arena.pool.scratchBytes
    }

    /// Multiply-accumulates of all matrix products so far.
    public var macs: Int { workspace.arena.pool.macs }

    /// For windows that overlap, as those of a stream do: the front ends remember the last `windows` windows (one for each stream
    /// that takes turns), and do not compute again what a later one of the same length has in common with one of them. The
    /// results are the same to the last bit. A window of 3 s takes 0.6 MB.
    ///
    /// - Parameter hop: samples that a window begins behind the one before, or a multiple where some are left out. Where no
    ///   multiple up to a window is one of the front ends' 10 ms too, nothing is gained.
    public func enableCache(windows: Int, hop: Int) { workspace.enableCache(windows: windows, spacing: hop) }

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

    /// x [steps, 40] ← what the BiLSTM reads of a clip.
    func read(_ wave: Wave, into x: MutableMatrix, head: FusionHead, observe: StageObserver) {
        let arena = workspace.arena
        arena.scope {
            let mfcc = arena.matrix(MFCC.frames(wave.samples.count), MFCC.coefficients)
            workspace.mfcc.compute(wave.samples, gain: wave.gain, into: mfcc, in: arena)
            observe("mfcc", mfcc.view)
            head.pool(mfcc.view, into: x, in: arena)
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

    /// Hands `body` the clip and the encoder's representation of it [frames, width].
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

    /// Why the network cannot read a clip; nil if it can.
    func fault(of samples: Span<Float>) -> InferenceError? {
        let count = samples.count
        if count < model.minimumSamples { return .tooShort(samples: count, minimum: model.minimumSamples) }
        if count > model.maximumSamples { return .tooLong(samples: count, maximum: model.maximumSamples) }
        for index in 0..<count where !samples[index].isFinite { return .notFinite(index: index) }
        return nil
    }

    /// A clip in the arena, [samples, 1], and what brings it to the level that the weights were trained on.
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

    /// The encoder's representation of a clip, taken from the arena.
    func represent(_ wave: Wave, observe: StageObserver) -> Matrix {
        let ssl = workspace.arena.matrix(model.encoder.frames(wave.samples.count), model.encoder.width)
        model.encoder.encode(wave.samples, gain: wave.gain, into: ssl, with: workspace, observe: observe)
        observe("ssl", ssl.view)
        return ssl.view
    }
}
