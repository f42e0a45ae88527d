/// A part of the picture, in cells.
struct Rect: Equatable {
    var x: Int
    var y: Int
    var width: Int
    var height: Int

    /// The column and the row just past it.
    var right: Int { x + width }
    var bottom: Int { y + height }

    /// Without a border of one cell, and `padding` more at both sides.
    func inner(padding: Int = 0) -> Rect {
        Rect(x: x + 1 + padding, y: y + 1, width: max(0, width - 2 - 2 * padding), height: max(0, height - 2))
    }
}
