import EmotionCore
import EmotionStream
import Glibc

/// What lies beside a log of one of its sessions: the description, and the sound.
struct SessionFiles {
    /// Where the description is, or would be.
    let descriptionPath: String
    /// The description; nil where there is none, it cannot be read, or it is of another session.
    let description: Sidecar?
    /// Whether there is a file in the description's place that is none.
    let isDamaged: Bool
    /// The path of the sound; nil where it is not known or not there.
    let sound: String?
    /// Whether the sound lacks the pauses of the recording, as saved sound does.
    let soundLacksPauses: Bool

    /// Seconds by which the description may be older or newer than the session's first sample.
    private static let tolerance = 600

    init(_ session: SavedSession, of log: String) {
        descriptionPath = Sidecar.path(beside: log, session: session.number)
        let found = try? Sidecar(path: descriptionPath)
        isDamaged = unsafe found == nil && access(descriptionPath.cPath, F_OK) == 0
        description = found.flatMap { Self.describes($0, session) ? $0 : nil }
        let namesake = session.number > 1 ? nil : Paths.without(".csv", log) + ".wav"
        let saved = [description?.audio, namesake].compactMap(\.self)
        let played = description.flatMap { $0.source.count == 1 ? $0.source : nil } ?? []
        let folder = log.lastIndex(of: "/").map { String(log[...$0]) } ?? ""
        func place(of path: String) -> String? {
            return [folder + FileName.last(of: path), path].first(where: Self.isFile)
        }
        let savedSound = saved.lazy.compactMap(place).first
        sound = savedSound ?? played.lazy.compactMap(place).first
        soundLacksPauses = savedSound != nil
    }

    /// Says on standard error if the description is damaged.
    func report() {
        guard isDamaged else { return }
        Console.error(
            "cannot read \"\(printable(descriptionPath))\": it is not the description of a session; its settings, and the sound "
                + "that it may name, are left out")
    }

    private static func describes(_ sidecar: Sidecar, _ session: SavedSession) -> Bool {
        guard let started = WallTime(iso8601: sidecar.started) else { return false }
        return abs(started.nanoseconds / 1_000_000_000 - session.began.nanoseconds / 1_000_000_000) <= tolerance
    }

    private static func isFile(_ path: String) -> Bool {
        var info = stat()
        return unsafe stat(path.cPath, &info) == 0 && info.st_mode & S_IFMT == S_IFREG
    }
}
