/// What follows the attention in a post-norm transformer block.
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
