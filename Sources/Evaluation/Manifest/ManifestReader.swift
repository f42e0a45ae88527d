import EmotionFiles

/// The records of a manifest, with errors that name its path.
struct ManifestReader {
    private let path: String
    /// What the file should be, for errors.
    private let shape: String
    private var reader: CSVReader

    /// The line on which the latest record begins, from 1.
    var line: Int { reader.line }

    /// Reads the file at `path`, of at most `limit` bytes.
    init(_ path: String, limit: Int, shape: String) throws(EvaluationError) {
        self.path = path
        self.shape = shape
        let bytes = try BoundedFile.read(path, limit: limit)
        do throws(CSVError) {
            reader = try CSVReader(bytes)
        } catch {
            throw EvaluationError(path, error, remedy: shape)
        }
    }

    /// The cells of the next record; nil at the end.
    mutating func next() throws(EvaluationError) -> [String]? {
        do throws(CSVError) {
            return try reader.next()
        } catch {
            throw EvaluationError(path, error, remedy: shape)
        }
    }
}

extension EvaluationError {
    fileprivate init(_ path: String, _ error: CSVError, remedy: String) {
        self.init(path, line: error.line, error.problem, remedy: remedy)
    }
}
