import EmotionFiles

/// The records of a manifest, with errors that name its path.
struct ManifestReader {
    private let path: String
    private var reader: CSVReader

    /// The line on which the latest record begins, from 1.
    var line: Int { reader.line }

    /// Reads the file at `path`, of at most `limit` bytes.
    init(_ path: String, limit: Int) throws(EvaluationError) {
        self.path = path
        let bytes = try BoundedFile.read(path, limit: limit)
        do throws(CSVError) {
            reader = try CSVReader(bytes)
        } catch {
            throw EvaluationError(path, error)
        }
    }

    /// The cells of the next record; nil at the end.
    mutating func next() throws(EvaluationError) -> [String]? {
        do throws(CSVError) {
            return try reader.next()
        } catch {
            throw EvaluationError(path, error)
        }
    }
}

extension EvaluationError {
    fileprivate init(_ path: String, _ error: CSVError) {
        self.init(path, line: error.line, error.problem, remedy: Manifest.shape)
    }
}
