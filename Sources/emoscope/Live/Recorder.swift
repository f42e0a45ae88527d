import Glibc
import Stream
import TUI

/// The CSV of a session: on from the start or from a key on, and paused and resumed by it.
final class Recorder {
    private enum State {
        case off
        case on(CSVLog)
        case paused(CSVLog)
    }

    private var state = State.off
    private let sidecar: Sidecar
    private let force: Bool

    init(sidecar: Sidecar, force: Bool) {
        self.sidecar = sidecar
        self.force = force
    }

    /// Creates the log at `path`, and the description of the session beside it.
    func open(_ path: String) throws -> CSVLog {
        let log = try CSVLog(path: path, overwrite: force)
        do {
            try sidecar.write(beside: path, overwrite: force)
        } catch {
            // A log that was made just now and will stay empty is in the way of the next try.
            if !force { unsafe unlink(path) }
            throw error
        }
        state = .on(log)
        return log
    }

    /// The key: starts a log named by the time where there is none, else pauses or resumes it.
    /// Returns what to tell the user.
    func toggle(_ session: Session) -> String {
        switch state {
        case .off:
            do {
                let log = try open("emoscope-\(WallTime.now.fileStamp).csv")
                session.attach(log)
                return "recording to \(log.path)"
            } catch {
                return Failure(error).message
            }
        case .on(let log):
            session.mark("recording paused")
            session.detach(log)
            state = .paused(log)
            return "recording paused"
        case .paused(let log):
            session.attach(log)
            session.mark("recording resumed")
            state = .on(log)
            return "recording resumed"
        }
    }

    /// The log could not be written any more; the session has let go of it.
    func giveUp() {
        state = .off
    }

    var path: String? {
        switch state {
        case .off: nil
        case .on(let log), .paused(let log): log.path
        }
    }

    var picture: DashboardSnapshot.Recording {
        switch state {
        case .off: .off
        case .on(let log): .on(file: log.path, rows: log.progress.rows, bytes: log.progress.bytes)
        case .paused(let log): .paused(file: log.path, rows: log.progress.rows, bytes: log.progress.bytes)
        }
    }
}
