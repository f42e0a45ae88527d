extension InferenceEngine {
    /// Predicts the emotions and representations of several clips.
    ///
    /// Each result equals that of `run` for the single clip up to rounding, and does not depend on the other clips, to
    /// the last bit. The BiLSTM, whose serial steps are limited by reading weights, processes one step of all clips at
    /// a time; the other layers process one clip after another. Clips of similar length gain most. Memory grows with
    /// the total number of samples. The observer is not called.
    public func run(_ clips: [[Float]]) -> [Result<EmbeddedPrediction, InferenceError>] {
        guard let head = model.head else { return clips.map { _ in .failure(.noHead) } }
        let faults = clips.map { fault(of: $0.span) }
        let order = clips.indices.filter { faults[$0] == nil }.sorted { clips[$0].count > clips[$1].count }
        var results = faults.map { Result<EmbeddedPrediction, InferenceError>.failure($0 ?? .noHead) }
        guard !order.isEmpty else { return results }
        let (arena, observe) = (workspace.arena, StageObserver(receive: nil, mark: nil))
        arena.scope {
            let waves = order.map { index in
                let clip = clips[index]
                return wave(clip.span)
            }
            let steps = PackedSequence(waves.map { head.steps($0.samples.count) })
            let states = arena.matrix(steps.steps, head.stateWidth)
            arena.scope {
                let x = arena.matrix(steps.steps, MFCC.coefficients)
                for (number, wave) in waves.enumerated() {
                    read(wave, into: x.rows(steps.rows(number)), head: head, observe: observe)
                }
                head.read(x.view, steps, into: states, in: arena)
            }
            let embedding = arena.matrix(1, head.width)
            for (number, wave) in waves.enumerated() {
                arena.scope {
                    let ssl = represent(wave, observe: observe)
                    let prediction = head.predict(
                        states: states.view.rows(steps.rows(number)), ssl: ssl, embedding: embedding, in: arena,
                        observe: observe)
                    results[order[number]] = .success(
                        EmbeddedPrediction(logits: prediction.logits, embedding: embedding.view.values))
                }
            }
        }
        arena.settle()
        return results
    }
}
