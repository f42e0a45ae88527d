import EmotionFiles

/// A destination for rows. Called on the session's queue only, in row order.
package protocol RowSink: AnyObject, Sendable {
    /// Writes a row. A sink that writes to a file buffers nothing: the row is in the file when this returns.
    func write(_ row: Row) throws(FileError)
}
