import EmotionFiles

/// Somewhere that rows go. Called on the session's queue only, in the order of the rows.
package protocol RowSink: AnyObject, Sendable {
    /// Takes a row; when it returns, the row is out of this process's hands.
    func write(_ row: Row) throws(FileError)
}
