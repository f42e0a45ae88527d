/// The part of a post-norm transformer block after the attention: LayerNorm, feed-forward block, LayerNorm.
struct PostNorm: Sendable {
    let attentionNorm: LayerNorm
    let feedForward: FeedForward
    let finalNorm: LayerNorm

    /// x ← norm₂(h + feedForward(h)) with h = norm₁(x + attended). Overwrites `attended`.
    func callAsFunction(_ x: MutableMatrix, attended: MutableMatrix, in arena: Arena) {
        attentionNorm(adding: attended.view, to: x)
        feedForward(x.view, into: attended, in: arena)
        finalNorm(adding: attended.view, to: x)
    }
}
