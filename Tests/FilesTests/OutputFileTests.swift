import Foundation
import TestSupport
import Testing

@testable import EmotionFiles

@Suite(.serialized) struct OutputFileTests {
    let scratch: Scratch

    init() throws { scratch = try Scratch() }

    private func problem(_ name: String, _ existing: ExistingFilePolicy) -> String {
        do {
            try OutputFile(scratch.path(name), existing: existing).append("new")
            return "none"
        } catch {
            return "\(error)"
        }
    }

    @Test func anExistingFileIsRefusedReplacedOrContinued() throws {
        try scratch.write("a", "old")
        #expect(problem("a", .refused).contains("exists already") && problem("a", .refused).contains("--force"))
        #expect(try scratch.text("a") == "old")
        #expect(problem("a", .continued) == "none")
        #expect(try scratch.text("a") == "oldnew")
        #expect(problem("a", .replaced) == "none")
        #expect(try scratch.text("a") == "new")
        try scratch.write("empty", "")
        #expect(problem("empty", .refused) == "none")
        #expect(problem("none/a", .refused).contains("does not exist"))
        #expect(problem("", .refused).contains("directory"))
    }

    @Test func theUmaskDecidesWhoMayRead() throws {
        let before = umask(0o027)
        defer { umask(before) }
        _ = try OutputFile(scratch.path("a"))
        try AtomicFile.write([1], to: scratch.path("b"), existing: .refused)
        for name in ["a", "b"] {
            let mode = try FileManager.default.attributesOfItem(atPath: scratch.path(name))[.posixPermissions] as? Int
            #expect(mode == 0o640)
        }
    }

    @Test func aFileThatIsPrivateIsSoFromItsFirstByte() throws {
        let before = umask(0)
        defer { umask(before) }
        let file = try AtomicFile(scratch.path("a"), existing: .refused, permissions: 0o600)
        try file.append([1])
        func mode() throws -> Int? {
            let name = try #require(scratch.names.first)
            return try FileManager.default.attributesOfItem(atPath: scratch.path(name))[.posixPermissions] as? Int
        }
        #expect(try mode() == 0o600, "under its temporary name")
        try file.finish()
        #expect(scratch.names == ["a"])
        #expect(try mode() == 0o600)
    }

    @Test func aFileTakesTheAccessOfAnother() throws {
        try scratch.write("old", "x")
        for mode: mode_t in [0o600, 0o664, 0o777] {
            chmod(scratch.path("old"), mode)
            let file = try AtomicFile(scratch.path("new"), existing: .replaced, permissions: 0o600)
            try file.takeAccess(of: RegularFile(scratch.path("old")))
            try file.finish()
            #expect(try RegularFile(scratch.path("new")).permissions == mode, "whatever the umask")
        }
        try #require(geteuid() == 0, "only root can make another user's file")
        chown(scratch.path("old"), 65_534, 65_533)
        let file = try AtomicFile(scratch.path("new"), existing: .replaced)
        try file.takeAccess(of: RegularFile(scratch.path("old")))
        try file.finish()
        let owner = try RegularFile(scratch.path("new")).owner
        #expect(owner.user == 65_534 && owner.group == 65_533)
    }

    @Test func aRegularFileKnowsWhetherItIsLockedMovedOrChanged() throws {
        var writer: OutputFile? = try OutputFile(scratch.path("a"))
        try writer?.append("x")
        let file = try RegularFile(scratch.path("a"))
        #expect(!file.lock() && file.isUnchanged && file.isAt(scratch.url.path + "/./a"))
        try writer?.append("y")
        #expect(!file.isUnchanged && file.size == 1)
        #expect(try file.read(9, at: 1) == Array("y".utf8))
        let again = try RegularFile(scratch.path("a"))
        rename(scratch.path("a"), scratch.path("b"))
        #expect(!again.isUnchanged && again.isAt(scratch.path("b")))
        let alone = try RegularFile(scratch.path("b"))
        writer = nil
        #expect(alone.lock() && problem("b", .continued).contains("another emoscope"))
        for path in [scratch.url.path, "/dev/null", scratch.path("none")] {
            #expect(throws: BoundedFile.Refusal.self) { try RegularFile(path) }
        }
    }

    @Test func aLinkIsNeverFollowed() throws {
        try scratch.write("precious", "precious")
        for (link, target) in [("link", "precious"), ("dangling", "nothing")] {
            try FileManager.default.createSymbolicLink(atPath: scratch.path(link), withDestinationPath: target)
            for existing in [ExistingFilePolicy.refused, .replaced, .continued] {
                #expect(problem(link, existing).contains("symbolic link"))
            }
            #expect(throws: FileError.self) { try AtomicFile.write([1], to: scratch.path(link), existing: .replaced) }
        }
        #expect(try scratch.text("precious") == "precious")
        #expect(scratch.names == ["dangling", "link", "precious"], "nothing was made through the link")
        try FileManager.default.linkItem(atPath: scratch.path("precious"), toPath: scratch.path("second"))
        #expect(problem("second", .replaced).contains("hard links"))
        #expect(try scratch.text("precious") == "precious")
    }

    /// A link that another user made must not redirect root's output; one's own links work.
    @Test func foldersAreReachedThroughOwnLinksOnly() throws {
        try FileManager.default.createDirectory(atPath: scratch.path("real"), withIntermediateDirectories: true)
        for (name, target) in [
            ("mine", "real"), ("absolute", scratch.path("real")), ("theirs", "real"), ("loop", "loop"),
        ] {
            try FileManager.default.createSymbolicLink(atPath: scratch.path(name), withDestinationPath: target)
        }
        #expect(problem("mine/a", .refused) == "none")
        #expect(problem("absolute/b", .refused) == "none")
        #expect(problem("real/../mine/./c", .refused) == "none")
        #expect(problem("loop/a", .refused).contains("levels of symbolic links"))
        try #require(geteuid() == 0, "only root can make another user's link")
        lchown(scratch.path("theirs"), 65_534, 65_534)
        #expect(problem("theirs/d", .refused).contains("another user"))
        #expect(throws: FileError.self) { try AtomicFile.write([1], to: scratch.path("theirs/e"), existing: .refused) }
        #expect(try FileManager.default.contentsOfDirectory(atPath: scratch.path("real")).sorted() == ["a", "b", "c"])
    }

    @Test func aSecondWriterOfAFileIsRefused() throws {
        let first = try OutputFile(scratch.path("a"))
        try first.append("x")
        #expect(problem("a", .replaced).contains("another emoscope"))
        #expect(problem("a", .continued).contains("another emoscope"))
        #expect(try scratch.text("a") == "x")
    }

    @Test func foldersAndDevicesAreNotRegularFiles() throws {
        #expect(problem("", .replaced).contains("directory"))
        let null = try OutputFile("/dev/null")
        try null.append("x")
        #expect(!null.isRegular && null.status == .inPlace)
        #expect(throws: FileError.self) { try AtomicFile.write([1], to: "/dev/null", existing: .replaced) }
        let full = try OutputFile("/dev/full")
        #expect(throws: FileError.self) { try full.append("x") }
    }

    @Test func tellsWhereTheFileIsAndDiscardsItOnlyInPlace() throws {
        let file = try OutputFile(scratch.path("a"))
        #expect(file.status == .inPlace)
        rename(scratch.path("a"), scratch.path("b"))
        #expect(file.status == .moved)
        file.discard()
        #expect(scratch.names == ["b"], "what is elsewhere is not taken away")
        try scratch.write("a", "another's")
        #expect(file.status == .moved)
        unlink(scratch.path("b"))
        #expect(file.status == .removed)
        let second = try OutputFile(scratch.path("c"))
        second.discard()
        #expect(scratch.names == ["a"])
    }

    @Test(.enabled(if: SmallDisk.isAllowed, "only root may mount a small disk"))
    func anAppendIsWholeOrNotAtAll() throws {
        let disk = try SmallDisk(kilobytes: 64)
        let file = try OutputFile(disk.path("a"))
        try file.append("begin\n")
        disk.fill()
        let long = String(repeating: "x", count: 10_000) + "\n"
        #expect(throws: FileError(disk.path("a"), cannot: "write", errno: ENOSPC)) { try file.append(long) }
        #expect(try String(contentsOfFile: disk.path("a"), encoding: .utf8) == "begin\n")
        let refusal = #expect(throws: FileError.self) {
            try AtomicFile.write(Array(long.utf8), to: disk.path("b"), existing: .refused)
        }
        #expect(refusal?.advice == "free some room and try again; nothing was changed")
        #expect(try FileManager.default.contentsOfDirectory(atPath: disk.folder.path).sorted() == ["a", "filler"])
        disk.free()
        try file.append(long)
        #expect(try String(contentsOfFile: disk.path("a"), encoding: .utf8) == "begin\n" + long)
    }

    /// `>>` of a shell goes on in a file, and what it opened is not this program's to remove.
    @Test func aStreamOfTheProcessIsWrittenWhereItIsAndStays() throws {
        try scratch.write("a", "begin\n")
        let descriptor = open(scratch.path("a"), O_WRONLY | O_APPEND)
        defer { close(descriptor) }
        let file = try OutputFile("/dev/fd/\(descriptor)")
        #expect(!file.isRegular)
        file.discard()
        try file.append("row\n")
        #expect(try scratch.text("a") == "begin\nrow\n")
        #expect(throws: FileError.self) { try OutputFile("/dev/fd/9999") }
    }

    @Test func messagesHoldNoControlCharacters() {
        let error = FileError("a\u{1B}[2Jb", cannot: "write", errno: ENOSPC)
        #expect(!error.description.contains("\u{1B}") && error.description.contains("No space left"))
    }
}
