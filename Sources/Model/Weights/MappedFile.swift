import EmotionCore
import Glibc

/// A regular file mapped read-only into memory for as long as the object lives.
///
/// The methods check all reads against the file's size at the time of mapping. If another program truncates the file
/// while it is mapped, a read of the missing part ends the process with SIGBUS, as in every program that maps files.
@safe package final class MappedFile: @unchecked Sendable {
    package let path: String
    /// Size in bytes.
    package let count: Int
    /// The content of the file; valid while `self` exists.
    @unsafe package let bytes: UnsafeRawBufferPointer

    package init(path: String) throws(WeightsError) {
        func fail(_ operation: String, _ code: Int32) -> WeightsError {
            let reason = unsafe String(cString: strerror(code))
            return WeightsError(
                .unreadable, file: path, problem: "cannot \(operation) it: \(reason)",
                remedy: "give the path of a readable weights file")
        }
        // The file is opened non-blocking, so that a FIFO without a writer is refused below instead of blocking here.
        let descriptor = unsafe open(path.cPath, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { throw fail("open", errno) }
        defer { close(descriptor) }
        var status = stat()
        guard unsafe fstat(descriptor, &status) == 0 else { throw fail("examine", errno) }
        guard status.st_mode & S_IFMT == S_IFREG else {
            throw WeightsError(
                .unreadable, file: path, problem: "it is not a regular file",
                remedy: "give the path of a weights file")
        }
        self.path = path
        count = Int(status.st_size)
        guard count > 0 else {
            unsafe bytes = UnsafeRawBufferPointer(start: nil, count: 0)
            return
        }
        let address = unsafe mmap(nil, count, PROT_READ, MAP_PRIVATE, descriptor, 0)
        guard let address = unsafe address, unsafe address != MAP_FAILED else { throw fail("map", errno) }
        unsafe bytes = UnsafeRawBufferPointer(start: address, count: count)
    }

    deinit {
        if let address = unsafe bytes.baseAddress {
            unsafe _ = munmap(UnsafeMutableRawPointer(mutating: address), count)
        }
    }

    /// Releases the resident pages of the file; reading them again loads them again.
    package func releasePages() {
        guard let address = unsafe bytes.baseAddress else { return }
        unsafe _ = madvise(UnsafeMutableRawPointer(mutating: address), count, MADV_DONTNEED)
    }

    /// A little-endian integer at `offset`, or nil where it would not lie inside the file.
    package func integer<Value: FixedWidthInteger>(_ type: Value.Type = Value.self, at offset: Int) -> Value? {
        guard contains(offset, MemoryLayout<Value>.size) else { return nil }
        return unsafe Value(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: Value.self))
    }

    /// A copy of `length` bytes from `offset`, or nil where they would not lie inside the file.
    package func copy(_ offset: Int, _ length: Int) -> [UInt8]? {
        guard contains(offset, length) else { return nil }
        return unsafe Array(bytes[offset..<(offset + length)])
    }

    /// Whether `length` bytes from `offset` lie inside the file.
    package func contains(_ offset: Int, _ length: Int) -> Bool {
        offset >= 0 && length >= 0 && offset <= count && length <= count - offset
    }
}
