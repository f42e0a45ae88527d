import Foundation

/// A file system of a few kilobytes for tests of a full disk: a tmpfs, which only root may mount.
public final class SmallDisk {
    public let folder: URL

    /// Whether this process may mount one; tests that need it are otherwise skipped and say so.
    public static let isAllowed: Bool = (try? SmallDisk(kilobytes: 16)) != nil

    public init(kilobytes: Int) throws {
        folder = FileManager.default.temporaryDirectory.appendingPathComponent("disk-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let mount = try ChildProcess(["mount", "-t", "tmpfs", "-o", "size=\(kilobytes)k", "tmpfs", folder.path])
        guard mount.waitForExit() == 0 else {
            try? FileManager.default.removeItem(at: folder)
            throw ChildProcess.Failure(description: "may not mount a tmpfs")
        }
    }

    deinit {
        _ = try? ChildProcess(["umount", "-l", folder.path]).waitForExit()
        try? FileManager.default.removeItem(at: folder)
    }

    public func path(_ name: String) -> String { folder.appendingPathComponent(name).path }

    /// Fills the remaining room.
    public func fill() {
        let descriptor = open(path("filler"), O_WRONLY | O_CREAT | O_APPEND, 0o600)
        let zeros = [UInt8](repeating: 0, count: 4096)
        while write(descriptor, zeros, zeros.count) > 0 {}
        close(descriptor)
    }

    /// Frees the room again.
    public func free() {
        unlink(path("filler"))
    }
}
