import EmotionCore
import EmotionFiles
import Glibc

/// The folder of voice profiles: `emoscope/profiles` in the user's data folder of the XDG base directory specification.
struct ProfileStore {
    /// Words of the log's column `baseline`, which no profile may be named after.
    private static let reserved: Set<String> = ["none", "learning", "auto", "session", "whole"]

    /// A voice is its owner's business.
    private static let filePermissions: mode_t = 0o600

    let folder: String

    init() throws(Failure) {
        guard let user = UserFolder.path("XDG_DATA_HOME", orInHome: ".local/share") else {
            throw Failure(.output, "there is no folder for voice profiles: set HOME or XDG_DATA_HOME")
        }
        folder = user + "/profiles"
    }

    /// Checks a name.
    ///
    /// - Throws: Where it could not be a file's name, or is a word of the log.
    static func check(_ name: String) throws(Failure) {
        let isPlain = name.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"):
                true
            default: false
            }
        }
        guard isPlain, (1...64).contains(name.utf8.count), !name.hasPrefix("-") else {
            throw Failure(
                .usage, "\"\(printable(name))\" cannot name a profile: choose 1 to 64 letters, digits, - and _")
        }
        guard !reserved.contains(name) else {
            throw Failure(.usage, "\"\(name)\" is a word of the log and cannot name a profile: choose another name")
        }
    }

    /// Checks that a profile of this name can stand for a speaker.
    static func checkSpeaker(_ name: String) throws(Failure) {
        try check(name)
        guard SpeakerName(name) != nil else {
            throw Failure(
                .usage,
                "\"\(name)\" cannot name a speaker: choose 1 to \(SpeakerName.longest) letters, digits, - and _, and not a "
                    + "number alone")
        }
    }

    func path(_ name: String) -> String { "\(folder)/\(name).json" }

    /// The names of all profiles, in order.
    var names: [String] {
        guard let stream = unsafe opendir(folder) else { return [] }
        defer { unsafe closedir(stream) }
        var names: [String] = []
        while let entry = unsafe readdir(stream) {
            let file = unsafe withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                unsafe pointer.withMemoryRebound(to: CChar.self, capacity: 256) { unsafe String(cString: $0) }
            }
            let name = String(file.dropLast(5))
            if file.hasSuffix(".json"), (try? Self.check(name)) != nil { names.append(name) }
        }
        return names.sorted()
    }

    /// Checks that a profile can be written, before somebody speaks in vain; makes the folder.
    ///
    /// - Throws: `output`, with what would work.
    func prepare(_ name: String, existing: ExistingFilePolicy) throws(Failure) {
        guard existing == .replaced || !names.contains(name) else {
            throw Failure(
                .output, "the profile \"\(name)\" exists already; choose another name, or --force to replace it")
        }
        try makeFolder()
        do {
            _ = try AtomicFile(path(name), existing: existing, permissions: Self.filePermissions)
        } catch {
            throw unwritable(error)
        }
    }

    /// Writes a profile; ``prepare(_:existing:)`` has made the folder.
    func write(_ profile: VoiceProfile, existing: ExistingFilePolicy) throws {
        let bytes = try JSONText.file(profile)
        do {
            try AtomicFile.write(
                bytes, to: path(profile.name), existing: existing, permissions: Self.filePermissions)
        } catch {
            throw unwritable(error)
        }
    }

    func remove(_ name: String) throws(Failure) {
        try Self.check(name)
        guard unsafe unlink(path(name)) == 0 else {
            let error = FileError(path(name), cannot: "remove", errno: errno)
            let advice = error.code == EISDIR ? "; it is no profile: move it away" : ""
            throw Failure(.output, "cannot remove \"\(printable(error.path))\": \(error.problem)\(advice)")
        }
    }

    private func makeFolder() throws(Failure) {
        do {
            try UserFolder.make(folder)
        } catch {
            throw unwritable(error)
        }
    }

    /// The error of a profile or its folder that cannot be written.
    private func unwritable(_ error: FileError) -> Failure {
        let advice =
            switch error.code {
            case EISDIR: "move it away, or choose another name"
            case ENOENT, ENOTDIR, EACCES, EPERM, EROFS, EEXIST: "set XDG_DATA_HOME to a folder that you may write to"
            default: error.advice
            }
        return Failure(
            .output, FileError(error.path, cannot: error.attempt, because: error.problem, advice: advice).description)
    }
}
