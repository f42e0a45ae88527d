import EmotionNetwork

extension EmotionModel {
    /// The network in a few words, for the dashboard.
    var summary: String {
        "CA-SER · \(configuration.encoder.rawValue) block \(configuration.tap)"
    }

    /// The kernels, the arithmetic and the number of threads.
    var kernels: String {
        "\(BackEnd.chosen.computing(precision).name) \(precision.rawValue), \(threads) thread\(threads == 1 ? "" : "s")"
    }
}
