import EmotionCore
import EmotionSoundFiles
import Glibc

/// A list of files' names, as `--files-from` takes it.
enum NameList {
    /// The most bytes of a list, some million names.
    private static let limit = 256 << 20

    /// Reads a list: names of any bytes, one a line, or each ended by a zero byte; empty lines are left out.
    ///
    /// - Parameter path: A file or a pipe; `-` is standard input.
    static func read(_ path: String) throws(Failure) -> [String] {
        let isStandard = path == AudioFile.standardInput
        let descriptor = unsafe isStandard ? dup(STDIN_FILENO) : open(path.cPath, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw failure(path, unsafe String(cString: strerror(errno))) }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = unsafe Glibc.read(descriptor, &piece, piece.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw failure(path, unsafe String(cString: strerror(errno))) }
            guard count > 0 else { break }
            bytes += piece.prefix(count)
            guard bytes.count <= limit else { throw failure(path, "it is longer than \(limit >> 20) MiB") }
        }
        let end: UInt8 = bytes.contains(0) ? 0 : UInt8(ascii: "\n")
        return bytes.split(separator: end).map { name in
            FileName.text(Array(end != 0 && name.last == UInt8(ascii: "\r") ? name.dropLast() : name))
        }
    }

    private static func failure(_ path: String, _ problem: String) -> Failure {
        Failure(.usage, printable("cannot read the list \"\(path)\": \(problem)"))
    }
}
