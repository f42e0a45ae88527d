/// A rectangle of the picture, in cells.
struct Rect: Equatable {
    var x: Int
    var y: Int
    var width: Int
    var height: Int

    /// The first column to the right of the rectangle.
    var right: Int { x + width }
    /// The first row below the rectangle.
    var bottom: Int { y + height }

    /// Returns the rectangle inside a border of one cell, less `padding` more columns at both sides.
    func inner(padding: Int = 0) -> Rect {
        Rect(x: x + 1 + padding, y: y + 1, width: max(0, width - 2 - 2 * padding), height: max(0, height - 2))
    }
}
