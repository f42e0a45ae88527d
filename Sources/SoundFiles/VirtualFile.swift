import CEmotionSndFile
import Glibc

/// A file that libsndfile reads through this program: one without a name, or with some bytes of its header replaced, those of
/// a size that was never written. The file itself is not touched.
///
/// One thread at a time uses it.
@safe final class VirtualFile {
    private let descriptor: Int32
    private let size: Int
    private let correction: (offset: Int, bytes: [UInt8])
    private var position = 0

    /// - Parameters:
    ///   - descriptor: Open for reading; closed with the value.
    ///   - correction: Bytes that stand in place of those at an offset.
    init(descriptor: Int32, size: Int, correction: (offset: Int, bytes: [UInt8]) = (0, [])) {
        self.descriptor = descriptor
        self.size = size
        self.correction = correction
    }

    deinit {
        close(descriptor)
    }

    /// Opens the file by libsndfile; nil where it refuses. The handle must be closed before the value is released.
    func open(_ info: inout SF_INFO) -> OpaquePointer? {
        var callbacks = unsafe SF_VIRTUAL_IO(
            get_filelen: { unsafe Int64(VirtualFile.of($0).size) },
            seek: { unsafe VirtualFile.of($2).seek($0, $1) },
            read: { unsafe VirtualFile.of($2).read($0, $1) }, write: { _, _, _ in 0 },
            tell: { unsafe Int64(VirtualFile.of($0).position) })
        return unsafe sf_open_virtual(&callbacks, Int32(SFM_READ), &info, Unmanaged.passUnretained(self).toOpaque())
    }

    private static func of(_ data: UnsafeMutableRawPointer?) -> VirtualFile {
        guard let data = unsafe data else { preconditionFailure("libsndfile passes on what it was given") }
        return unsafe Unmanaged<VirtualFile>.fromOpaque(data).takeUnretainedValue()
    }

    private func seek(_ offset: Int64, _ origin: Int32) -> Int64 {
        let base = origin == SEEK_SET ? 0 : origin == SEEK_CUR ? position : size
        let (target, overflows) = base.addingReportingOverflow(Int(offset))
        guard !overflows, target >= 0 else { return -1 }
        position = target
        return Int64(target)
    }

    private func read(_ output: UnsafeMutableRawPointer?, _ count: Int64) -> Int64 {
        guard let output = unsafe output, count > 0, position < size else { return 0 }
        let wanted = min(Int(count), size - position)
        let got = unsafe pread(descriptor, output, wanted, off_t(position))
        guard got > 0 else { return 0 }
        for (index, byte) in correction.bytes.enumerated() {
            let place = correction.offset + index - position
            if (0..<got).contains(place) { unsafe output.storeBytes(of: byte, toByteOffset: place, as: UInt8.self) }
        }
        position += got
        return Int64(got)
    }
}
