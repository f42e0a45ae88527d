/// Returns the whole part of a number, clamped to ±10^15; 0 for NaN. No value of a snapshot can make the layout trap.
func clampedInt(_ value: Double) -> Int {
    guard !value.isNaN else { return 0 }
    return Int(min(max(value, -1e15), 1e15))
}

/// Returns a number clamped to 0…1; 0 for NaN.
func clampedUnit(_ value: Double) -> Double {
    value.isNaN ? 0 : min(max(value, 0), 1)
}
