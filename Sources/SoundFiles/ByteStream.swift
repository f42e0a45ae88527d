import CEmotionGlibc
import Glibc
import Synchronization

/// Ends the reading of a stream from another thread, whose writer may keep silent for good.
package final class StreamInterrupter: Sendable {
    /// Readable once the stream is interrupted, because nothing reads it.
    fileprivate let descriptor: Int32
    private let other: Int32
    private let flag = Atomic<Bool>(false)

    fileprivate init() {
        var ends: [Int32] = [-1, -1]
        _ = unsafe cglibc_pipe(&ends)
        (descriptor, other) = (ends[0], ends[1])
    }

    deinit {
        if descriptor >= 0 { close(descriptor) }
        if other >= 0 { close(other) }
    }

    /// Ends the stream where it is.
    package func interrupt() {
        guard !flag.exchange(true, ordering: .acquiringAndReleasing) else { return }
        var byte: UInt8 = 0
        _ = unsafe write(other, &byte, 1)
    }

    fileprivate var isInterrupted: Bool { flag.load(ordering: .acquiring) }
}

/// The bytes of a pipe, in order and in bounded memory. One thread at a time reads it.
final class ByteStream {
    let interrupter = StreamInterrupter()
    private let descriptor: Int32
    /// Bytes that were read from the pipe and not taken yet.
    private var waiting: [UInt8] = []
    private var taken = 0
    private var isAtEnd = false
    /// The error that ended the stream; 0 for its own end.
    private(set) var failure: Int32 = 0

    private static let pieceSize = 65_536

    /// - Parameter descriptor: Open for reading; closed with the value.
    init(descriptor: Int32) {
        self.descriptor = descriptor
    }

    deinit {
        close(descriptor)
    }

    /// The next bytes, without taking them: `count` of them, or fewer at the end of the stream.
    func peek(_ count: Int) -> ArraySlice<UInt8> {
        while waiting.count - taken < count, fill() {}
        return waiting[taken...].prefix(count)
    }

    /// Takes the next bytes: `count` of them, or fewer at the end of the stream.
    func take(_ count: Int) -> ArraySlice<UInt8> {
        let bytes = peek(count)
        taken += bytes.count
        return bytes
    }

    /// Takes what is there, a whole number of `unit` bytes and at most `count`; waits for one unit. None at the end.
    func takeAvailable(_ count: Int, unit: Int) -> ArraySlice<UInt8> {
        guard peek(unit).count == unit else { return [] }
        return take(min(count, waiting.count - taken) / unit * unit)
    }

    /// Takes bytes away; returns false where the stream ends before.
    func skip(_ count: Int) -> Bool {
        var left = count
        while left > 0 {
            let piece = take(min(left, Self.pieceSize)).count
            guard piece > 0 else { return false }
            left -= piece
        }
        return true
    }

    /// Waits for more bytes; returns false at the end.
    private func fill() -> Bool {
        guard !isAtEnd else { return false }
        if taken == waiting.count || taken > Self.pieceSize {
            waiting.removeFirst(taken)
            taken = 0
        }
        while !interrupter.isInterrupted {
            var ready = [
                pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0),
                pollfd(fd: interrupter.descriptor, events: Int16(POLLIN), revents: 0),
            ]
            guard unsafe poll(&ready, 2, -1) > 0 else { continue }
            if ready[0].revents == 0 { continue }
            var piece = [UInt8](repeating: 0, count: Self.pieceSize)
            let count = unsafe read(descriptor, &piece, piece.count)
            if count < 0, errno == EINTR || errno == EAGAIN { continue }
            if count < 0 { failure = errno }
            guard count > 0 else { break }
            waiting += piece.prefix(count)
            return true
        }
        isAtEnd = true
        return false
    }
}
