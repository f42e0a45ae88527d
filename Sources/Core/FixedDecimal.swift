extension Double {
    /// The number with exactly `places` decimals and a decimal point in any locale; empty for one that is not finite or
    /// has more than 18 digits.
    package func fixed(_ places: Int) -> String {
        guard isFinite else { return "" }
        var scale = 1.0
        for _ in 0..<places { scale *= 10 }
        let scaled = (magnitude * scale).rounded()
        guard scaled < 1e18 else { return "" }
        let whole = Int(scaled)
        let digits = String(whole)
        let padded = String(repeating: "0", count: max(0, places + 1 - digits.count)) + digits
        let sign = self < 0 && whole != 0 ? "-" : ""
        return places == 0 ? sign + padded : sign + padded.dropLast(places) + "." + padded.suffix(places)
    }
}
