extension Double {
    /// The level in dBFS as `-23`, without tenths, which would flicker: `-inf` for digital silence, and `>0` for what is
    /// over full scale, as samples in floating point may be.
    package var decibelText: String {
        if self < -99.4 { return "-inf" }
        return self >= 0.5 ? ">0" : fixed(0)
    }
}
