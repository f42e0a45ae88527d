import EmotionCore
import EmotionFiles
import EmotionLive
import EmotionStream
import Glibc

/// The CSV log of a session: open from the start or from a key press on, and paused and resumed by the same key.
final class LogController {
    private enum State {
        case off
        case on(CSVLog)
        case paused(CSVLog)
    }

    private var state = State.off
    private var sidecar: Sidecar
    private let format: RowFormat
    private let existing: ExistingFilePolicy
    private var sidecarPath: String?
    private var known = CSVLog.Status()

    /// - Parameter existing: What happens to a log that exists already.
    init(sidecar: Sidecar, format: RowFormat, existing: ExistingFilePolicy) {
        self.sidecar = sidecar
        self.format = format
        self.existing = existing
    }

    /// Creates the log at `path`, and the description of the session beside it.
    func open(_ path: String) throws -> CSVLog {
        let log = try CSVLog(path: path, existing: existing, format: format)
        do {
            if log.isRegular { sidecarPath = try sidecar.write(beside: path, existing: existing) }
        } catch {
            log.discard()
            throw error
        }
        known = log.current
        state = .on(log)
        return log
    }

    /// Removes files that hold no row, which would be in the way of the next session.
    func discard() {
        guard let log, log.current.rows == 0 else { return }
        log.discard()
        if let sidecarPath { unsafe unlink(sidecarPath.cPath) }
    }

    /// Handles the key: starts a log with the time in its name, or pauses or resumes the open one.
    ///
    /// - Returns: A message for the user.
    func toggle(_ session: Session) -> String {
        switch state {
        case .off:
            do {
                let log = try open("emoscope-\(WallTime.now.fileStamp).csv")
                session.start(log)
                return "recording to \(log.path)"
            } catch {
                return Failure(error).message
            }
        case .on(let log):
            session.perform(.pauseLog)
            state = .paused(log)
            return "recording paused"
        case .paused(let log):
            session.perform(.resumeLog)
            state = .on(log)
            return "recording resumed"
        }
    }

    /// Adds the actions, what was wrong with recordings and the source that was heard first to the description of the
    /// session, if there is something new.
    func note(_ actions: [TimedAction], _ warnings: [SoundWarning], heard: String?) throws {
        let isNamed = heard != nil && sidecar.heard == nil
        guard isNamed || actions.count > sidecar.actions?.count ?? 0 || warnings.count > sidecar.warnings?.count ?? 0
        else { return }
        if isNamed { sidecar.heard = heard }
        if !actions.isEmpty { sidecar.actions = actions.map(Sidecar.Action.init) }
        if !warnings.isEmpty { sidecar.warnings = warnings.map(\.description) }
        if let sidecarPath { try sidecar.write(to: sidecarPath) }
    }

    /// A message about what changed in the log since the last call; nil for none.
    func news() -> String? {
        guard let log else { return nil }
        let (before, now) = (known, log.current)
        known = now
        if let trouble = now.trouble, trouble != before.trouble { return trouble }
        if now.trouble == nil, before.trouble != nil { return "log writing resumed: \(lost(now)) in \"\(log.path)\"" }
        return now.renewals > before.renewals
            ? "\"\(log.path)\" was moved or removed; the log continues in a new file" : nil
    }

    /// Why rows are not written at this moment, or not at the path; nil where all is well.
    var trouble: String? { log?.current.trouble }

    /// Writes the last rows, and throws if rows are missing. Called after the session has stopped.
    func finish() throws {
        guard let log else { return }
        log.finish()
        let status = log.current
        if status.lost > 0 {
            throw Failure(.output, "\(lost(status)) in \"\(log.path)\"" + (status.trouble.map { ": \($0)" } ?? ""))
        }
    }

    /// Marks the log as closed, after a failure for which the session has detached it.
    func giveUp() {
        state = .off
    }

    /// The line of the summary about the log.
    var line: String? {
        guard let log else { return nil }
        let status = log.current
        var parts = ["log: \(log.path)"]
        if status.renewals > 0 {
            parts.append(
                "continued in a new file \(status.renewals == 1 ? "once" : "\(status.renewals) times"), "
                    + "after it was moved or removed"
            )
        }
        if status.lost > 0 { parts.append(lost(status)) }
        return parts.joined(separator: "; ")
    }

    var isPaused: Bool { if case .paused = state { true } else { false } }

    /// The state of the log for displays.
    var shown: LogState {
        switch state {
        case .off: return .off
        case .on(let log):
            let status = log.current
            return .on(path: log.path, rows: status.rows, bytes: status.bytes)
        case .paused(let log):
            let status = log.current
            return .paused(path: log.path, rows: status.rows, bytes: status.bytes)
        }
    }

    private var log: CSVLog? {
        switch state {
        case .off: nil
        case .on(let log), .paused(let log): log
        }
    }

    private func lost(_ status: CSVLog.Status) -> String {
        "\(status.lost) row\(status.lost == 1 ? " is" : "s are") missing"
    }
}
