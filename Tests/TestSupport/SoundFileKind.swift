import CEmotionSndFile
import EmotionSoundFiles
import Foundation

/// The format of a sound file that a test writes, in libsndfile's terms.
package struct SoundFileKind: Sendable, CustomStringConvertible {
    package var name: String
    package var format: Int
    package var rate: Int
    package var channels: Int

    package init(name: String, format: Int, rate: Int = 16_000, channels: Int = 1) {
        self.name = name
        self.format = format
        self.rate = rate
        self.channels = channels
    }

    /// A WAV file of 32-bit floats, which keeps samples bit for bit.
    package static func floatWAV(rate: Int = 16_000, channels: Int = 1) -> SoundFileKind {
        SoundFileKind(name: "float.wav", format: SF_FORMAT_WAV | SF_FORMAT_FLOAT, rate: rate, channels: channels)
    }

    package var description: String { "\(name) \(rate) Hz, \(channels) channels" }
}

/// Writes interleaved samples by libsndfile, without this package's writer.
package func writeSound(_ samples: [Float], as kind: SoundFileKind, to path: String) throws {
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

package struct SoundFileFailure: Error, CustomStringConvertible {
    package let description: String
}

/// The bytes of a WAV file, with headers that libsndfile would not write.
package func wavBytes(
    _ data: Data, rate: UInt32 = 16_000, channels: UInt16 = 1, bits: UInt16 = 16, code: UInt16 = 1, claim: UInt32? = nil
) -> Data {
    func bytes<T: FixedWidthInteger>(_ value: T) -> Data { withUnsafeBytes(of: value.littleEndian) { Data($0) } }
    let frame = UInt16(truncatingIfNeeded: Int(channels) * Int(bits) / 8)
    let size = claim ?? UInt32(data.count)
    var file = Data("RIFF".utf8) + bytes(size &+ 36) + Data("WAVEfmt ".utf8) + bytes(UInt32(16)) + bytes(code)
    file += bytes(channels) + bytes(rate) + bytes(rate &* UInt32(frame)) + bytes(frame) + bytes(bits)
    return file + Data("data".utf8) + bytes(size) + data
}

extension AudioFile {
    /// Reads the whole file.
    package func readAll() throws -> [Float] {
        var samples: [Float] = []
        while case let piece = try read(upTo: 16_000), !piece.isEmpty { samples += piece }
        return samples
    }
}
