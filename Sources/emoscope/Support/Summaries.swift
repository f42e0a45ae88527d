import Model

extension EmotionModel {
    /// The network in a few words, for a corner of the dashboard.
    var summary: String {
        "CA-SER · \(configuration.encoder.rawValue) block \(configuration.tap)"
    }
}

extension OpenBLAS {
    /// Which kernels run, and on how many threads.
    static var summary: String { "OpenBLAS \(coreName), \(threads) thread\(threads == 1 ? "" : "s")" }
}
