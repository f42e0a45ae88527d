import EmotionCore
import EmotionFiles
import EmotionStream

/// A log that a command reads.
struct SavedLog {
    /// The path as it was given.
    let path: String
    /// At least one.
    let sessions: [SavedSession]

    /// Opens the file of a log.
    static func open(_ path: String) throws(CSVFileError) -> RegularFile {
        do {
            return try RegularFile(path)
        } catch {
            throw CSVFileError(path, error.description)
        }
    }

    /// Reads the sessions of a log.
    init(_ path: String) throws {
        self.path = path
        sessions = try SavedSession.all(in: Self.open(path))
        guard !sessions.isEmpty else { throw CSVFileError(path, "it holds no row yet") }
    }

    /// The name of a session: that of the file, with the session's number where it is not the first.
    func name(of session: SavedSession) -> String {
        FileName.unicode(Paths.without(".csv", FileName.last(of: path)))
            + (session.number > 1 ? "-\(session.number)" : "")
    }

    /// The session that is meant, or the only one.
    ///
    /// - Parameter number: The number of the session, from 1; nil where none was given.
    func session(_ number: Int?) throws(Failure) -> SavedSession {
        guard let number else {
            guard sessions.count == 1 else {
                throw Failure(
                    .usage,
                    "\"\(printable(path))\" holds \(sessions.count) sessions, whose times all begin at 0: choose one with "
                        + "--session: \(list)")
            }
            return sessions[0]
        }
        guard sessions.indices.contains(number - 1) else {
            throw Failure(.usage, "\"\(printable(path))\" has no session \(number): it holds \(list)")
        }
        return sessions[number - 1]
    }

    /// The sessions by number, when they began and how long they are.
    private var list: String {
        let shown = sessions.prefix(20).map {
            "\($0.number) (\($0.began.iso8601.prefix(16).replacing("T", with: " ")), \(SummaryText.clock($0.seconds)))"
        }
        return shown.joined(separator: ", ") + (sessions.count > 20 ? ", …" : "")
    }
}
