/// One intermediate result of an inference, for tests and for looking inside.
public struct Stage: Sendable {
    /// `mfcc`, `log_mel`, `conv1`…, `features`, `positions`, `block1`…, `ssl`, `ssl_projected`, `bilstm`,
    /// `mfcc_encoded`, `fused`, `embedding`, `logits`.
    public let name: String
    /// [frames, channels], or [1, numbers].
    public let shape: [Int]
    /// The numbers, frame after frame.
    public let values: [Float]
}

/// Hands stages to whoever looks; costs nothing while nobody does.
struct StageObserver {
    let receive: ((Stage) -> Void)?
    /// Called with the name alone, when the result is there.
    let mark: ((String) -> Void)?

    func callAsFunction(_ name: @autoclosure () -> String, _ matrix: @autoclosure () -> Matrix) {
        mark?(name())
        guard let receive else { return }
        let matrix = matrix()
        receive(Stage(name: name(), shape: [matrix.rows, matrix.columns], values: matrix.values))
    }
}
