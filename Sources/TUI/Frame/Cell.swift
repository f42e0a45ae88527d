/// One character cell of the terminal.
struct Cell: Equatable, Sendable {
    /// The character; 0 in the second half of a double-width one.
    var scalar: UInt32 = 0x20
    /// The combining mark on the character, or 0.
    var mark: UInt32 = 0
    var style = Style.text
}
