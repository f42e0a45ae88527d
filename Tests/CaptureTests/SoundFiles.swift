import CEmotionSndFile
import Foundation
import Testing

/// What a test file is to be, in libsndfile's terms.
struct FileKind: Sendable, CustomTestStringConvertible {
    var name: String
    var format: Int
    var rate = 16_000
    var channels = 1

    var testDescription: String { "\(name) \(rate) Hz, \(channels) channels" }
}

/// Writes interleaved samples by libsndfile itself.
func write(_ samples: [Float], as kind: FileKind, to path: String) throws {
    var info = SF_INFO()
    info.samplerate = Int32(kind.rate)
    info.channels = Int32(kind.channels)
    info.format = Int32(kind.format)
    guard let file = sf_open(path, Int32(SFM_WRITE), &info) else {
        throw SoundFileFailure(description: "\(kind.name): \(String(cString: sf_strerror(nil)))")
    }
    defer { sf_close(file) }
    // In pieces: libsndfile's Vorbis encoder keeps a whole piece on the stack.
    for start in stride(from: 0, to: samples.count, by: 4096 * kind.channels) {
        let piece = Array(samples[start..<min(samples.count, start + 4096 * kind.channels)])
        let written = sf_writef_float(file, piece, Int64(piece.count / kind.channels))
        guard written == piece.count / kind.channels else {
            throw SoundFileFailure(description: "\(kind.name): \(String(cString: sf_strerror(file)))")
        }
    }
}

struct SoundFileFailure: Error, CustomStringConvertible {
    let description: String
}

/// A WAV file's bytes by hand, for headers that libsndfile would not write.
func wav(
    _ data: Data, rate: UInt32 = 16_000, channels: UInt16 = 1, bits: UInt16 = 16, code: UInt16 = 1, claim: UInt32? = nil
) -> Data {
    func bytes<T: FixedWidthInteger>(_ value: T) -> Data { withUnsafeBytes(of: value.littleEndian) { Data($0) } }
    let frame = UInt16(truncatingIfNeeded: Int(channels) * Int(bits) / 8)
    let size = claim ?? UInt32(data.count)
    var file = Data("RIFF".utf8) + bytes(size &+ 36) + Data("WAVEfmt ".utf8) + bytes(UInt32(16)) + bytes(code)
    file += bytes(channels) + bytes(rate) + bytes(rate &* UInt32(frame)) + bytes(frame) + bytes(bits)
    return file + Data("data".utf8) + bytes(size) + data
}
