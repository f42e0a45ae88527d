/// One intermediate result of an inference, for tests and inspection.
public struct Stage: Sendable {
    /// One of `mfcc`, `log_mel`, `conv1`…, `features`, `positions`, `block1`…, `ssl`, `ssl_projected`, `bilstm`,
    /// `mfcc_encoded`, `fused`, `embedding` and `logits`.
    public let name: String
    /// [frames, channels], or [1, numbers].
    public let shape: [Int]
    /// The numbers in row-major order.
    public let values: [Float]
}

/// Passes intermediate results to the engine's observer and mark; costs nothing if both are nil.
struct StageObserver {
    let receive: ((Stage) -> Void)?
    /// A function called with the name alone, once the result is computed.
    let mark: ((String) -> Void)?

    func callAsFunction(_ name: @autoclosure () -> String, _ matrix: @autoclosure () -> Matrix) {
        mark?(name())
        guard let receive else { return }
        let matrix = matrix()
        receive(Stage(name: name(), shape: [matrix.rows, matrix.columns], values: matrix.values))
    }
}
