extension Int {
    /// Whole seconds, 0 or more, as a clock shows them: `0:42`, `12:34` or `1:02:03`.
    package var clockText: String {
        func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
        let tail = two(self % 60)
        return self < 3600 ? "\(self / 60):\(tail)" : "\(self / 3600):\(two(self / 60 % 60)):\(tail)"
    }
}
