import EmotionNetwork

extension EmotionModel {
    /// The network in a few words, for a corner of the dashboard.
    var summary: String {
        "CA-SER · \(configuration.encoder.rawValue) block \(configuration.tap)"
    }

    /// Which kernels run, in what arithmetic, and on how many threads.
    var kernels: String {
        "\(KernelLevel.chosen.rawValue) \(precision.rawValue), \(threads) thread\(threads == 1 ? "" : "s")"
    }
}
