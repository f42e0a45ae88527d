/// Files that are written whole.
public enum OutputFile {
    /// Writes `bytes` to a new file; one that holds something already is refused unless `overwrite`.
    public static func create(_ path: String, _ bytes: [UInt8], overwrite: Bool) throws(LogError) {
        try LineFile(creating: path, overwrite: overwrite).write(bytes)
    }
}
