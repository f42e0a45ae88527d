import EmotionCore
import Glibc

/// A decoder of samples that come through a pipe: bare ones, or those of WAV.
///
/// A header of WAV that could not know the length, as from a recorder that writes to a pipe, is normal there: the stream is read
/// to its end.
final class PCMStream: FrameDecoder {
    let sampleRate: Int
    let channels: Int
    let framesClaimed: Int?
    var holdsFloats: Bool { encoding.kind == .float }
    let headerWarning: SoundWarning? = nil

    private let path: String
    private let bytes: ByteStream
    private let encoding: SampleEncoding
    private var frameSize: Int { encoding.bytes * channels }
    /// Frames until the end that the header says; nil where it says none.
    private var left: Int?

    /// The decoder of bare samples.
    init(_ bytes: ByteStream, raw: RawFormat, path: String) {
        (self.bytes, self.path) = (bytes, path)
        (encoding, sampleRate, channels) = (raw.encoding, raw.sampleRate, raw.channels)
        framesClaimed = nil
    }

    /// The decoder of a stream of WAV, whose header is taken.
    ///
    /// - Returns: nil, and nothing is taken, for anything else, and for WAV whose samples are compressed.
    init?(_ bytes: ByteStream, path: String) {
        guard let header = WAVStreamHeader(bytes) else { return nil }
        _ = bytes.take(header.size)
        (self.bytes, self.path) = (bytes, path)
        (encoding, sampleRate, channels) = (header.encoding, header.sampleRate, header.channels)
        framesClaimed = header.dataSize.map { $0 / (header.encoding.bytes * header.channels) }
        left = framesClaimed
    }

    func read(into buffer: UnsafeMutableBufferPointer<Float>) -> Int {
        let room = min(buffer.count / channels, left ?? .max)
        guard room > 0 else {
            // The producer is not stopped in the middle of what it writes behind the samples.
            if left == 0 { while !bytes.take(65_536).isEmpty {} }
            return 0
        }
        let piece = bytes.takeAvailable(room * frameSize, unit: frameSize)
        let samples = piece.count / encoding.bytes
        let data = piece.span
        for index in 0..<samples {
            unsafe buffer[index] = encoding.sample(in: data, at: index * encoding.bytes)
        }
        left = left.map { $0 - samples / channels }
        return samples / channels
    }

    func rewind() -> Bool { false }

    func endFailure(after frames: Int) -> SoundFileError? {
        guard bytes.failure == 0 else {
            return SoundFileError(
                path, cannot: "read on", because: unsafe String(cString: strerror(bytes.failure)))
        }
        guard let framesClaimed else { return nil }
        return SoundFileError.brokenOff(path, after: frames, promised: Double(framesClaimed), rate: sampleRate)
    }
}

/// The header of WAV at the beginning of a stream, up to the first sample.
private struct WAVStreamHeader {
    let encoding: SampleEncoding
    let sampleRate: Int
    let channels: Int
    /// The bytes of samples; nil where the header does not know.
    let dataSize: Int?
    /// The bytes of the header.
    let size: Int

    /// The bytes of a header that are looked at, which may hold pictures and lists before the samples.
    private static let mostBytes = 1 << 20
    /// Sizes from here on stand for one that was not known: programs write the greatest of 31 or 32 bits, or nearly.
    private static let unknown = 0x7FFF_0000

    init?(_ bytes: ByteStream) {
        guard let head = Self.bytes(bytes, 0, 12), head[..<4] == Array("RIFF".utf8)[...],
            head[8...] == Array("WAVE".utf8)[...]
        else { return nil }
        var offset = 12
        var format: [UInt8]?
        while offset < Self.mostBytes, let chunk = Self.bytes(bytes, offset, 8) {
            let length = Self.number(chunk[4...])
            if chunk[..<4] == Array("data".utf8)[...] {
                guard let format, let encoding = Self.encoding(format) else { return nil }
                self.encoding = encoding
                channels = Self.number(format[2..<4])
                sampleRate = Self.number(format[4..<8])
                dataSize = length == 0 || length >= Self.unknown ? nil : length
                size = offset + 8
                guard channels > 0, encoding.bytes * channels == Self.number(format[12..<14]) else { return nil }
                return
            }
            guard length < Self.mostBytes else { return nil }
            if chunk[..<4] == Array("fmt ".utf8)[...] { format = Self.bytes(bytes, offset + 8, length) }
            offset += 8 + (length + 1) / 2 * 2
        }
        return nil
    }

    private static func bytes(_ stream: ByteStream, _ offset: Int, _ count: Int) -> [UInt8]? {
        let bytes = stream.peek(offset + count)
        return bytes.count == offset + count ? Array(bytes.dropFirst(offset)) : nil
    }

    private static func number(_ bytes: ArraySlice<UInt8>) -> Int { bytes.reversed().reduce(0) { $0 << 8 | Int($1) } }

    /// The encoding that a chunk `fmt ` describes; nil for compressed ones.
    private static func encoding(_ format: [UInt8]) -> SampleEncoding? {
        guard format.count >= 16 else { return nil }
        var code = number(format[0..<2])
        // WAVE_FORMAT_EXTENSIBLE: the code is the beginning of the sub-format.
        if code == 0xFFFE, format.count >= 26 { code = number(format[24..<26]) }
        switch (code, number(format[14..<16])) {
        case (1, 8): return SampleEncoding(.unsigned, bytes: 1)
        case (1, let bits) where [16, 24, 32].contains(bits): return SampleEncoding(.signed, bytes: bits / 8)
        case (3, let bits) where [32, 64].contains(bits): return SampleEncoding(.float, bytes: bits / 8)
        case (6, 8): return SampleEncoding(.aLaw, bytes: 1)
        case (7, 8): return SampleEncoding(.muLaw, bytes: 1)
        default: return nil
        }
    }
}
