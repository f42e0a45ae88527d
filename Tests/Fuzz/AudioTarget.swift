import CEmotionSndFile
import EmotionSoundFiles
import Foundation

/// Sound files of every kind that the reader takes, with bytes of their headers and data changed.
struct AudioTarget: Target {
    private let path: String
    private let seeds: [[UInt8]]

    init(scratch: String) throws {
        path = scratch + "/case.audio"
        // Only this package's readers are tried.
        setenv("EMOSCOPE_FFMPEG", "", 1)
        let plain: [Int32] = [
            SF_FORMAT_WAV, SF_FORMAT_WAVEX, SF_FORMAT_RF64, SF_FORMAT_W64, SF_FORMAT_AIFF, SF_FORMAT_AU, SF_FORMAT_CAF,
        ].map { Int32($0) }
        var formats = plain.flatMap { kind in
            [SF_FORMAT_PCM_16, SF_FORMAT_FLOAT].map { kind | Int32($0) }
        }
        formats += [
            SF_FORMAT_WAV | SF_FORMAT_PCM_24, SF_FORMAT_WAV | SF_FORMAT_ULAW, SF_FORMAT_WAV | SF_FORMAT_IMA_ADPCM,
            SF_FORMAT_WAV | SF_FORMAT_MS_ADPCM, SF_FORMAT_WAV | SF_FORMAT_GSM610, SF_FORMAT_FLAC | SF_FORMAT_PCM_16,
            SF_FORMAT_FLAC | SF_FORMAT_PCM_16, SF_FORMAT_FLAC | SF_FORMAT_PCM_24, SF_FORMAT_OGG | SF_FORMAT_VORBIS,
            SF_FORMAT_OGG | SF_FORMAT_VORBIS, SF_FORMAT_OGG | SF_FORMAT_OPUS, SF_FORMAT_MPEG | SF_FORMAT_MPEG_LAYER_III,
            SF_FORMAT_SVX | SF_FORMAT_PCM_16, SF_FORMAT_NIST | SF_FORMAT_PCM_16, SF_FORMAT_VOC | SF_FORMAT_PCM_16,
            SF_FORMAT_PVF | SF_FORMAT_PCM_16, SF_FORMAT_MAT4 | SF_FORMAT_PCM_16, SF_FORMAT_MAT5 | SF_FORMAT_FLOAT,
        ].map { Int32($0) }
        var seeds: [[UInt8]] = []
        for (index, format) in formats.enumerated() {
            if let bytes = Self.sound(
                format, rate: index % 3 == 0 ? 48_000 : 16_000, channels: index % 4 == 3 ? 2 : 1, path)
            {
                seeds.append(bytes)
            }
        }
        self.seeds = seeds
        guard seeds.count > 20 else { throw CocoaError(.fileReadUnknown) }
    }

    func run(_ chance: inout Chance) {
        var bytes = chance.pick(seeds)
        bytes.mutate(&chance)
        // Ogg pages carry a checksum, at which a reader would stop before the interesting parts.
        if bytes.starts(with: Array("OggS".utf8)), !chance.once(in: 4) { Self.mendPages(&bytes) }
        put(bytes, in: path)
        let raw = chance.once(in: 8) ? RawFormat(chance.pick(RawFormat.encodings) + ",16000,2") : nil
        guard let file = try? AudioFile(path: path, mode: chance.once(in: 3) ? .split : .mixed, raw: raw) else {
            return
        }
        if file.channels < 1 || file.sampleRate < 1 { Guard.fail("an impossible format") }
        // Read as a session reads it; a few kilobytes may hold hours, which is no fault.
        for _ in 0..<40 {
            guard let samples = try? file.read(upTo: 16_000), !samples.isEmpty else { return }
            if let wrong = samples.first(where: { !$0.isFinite }) { Guard.fail("a sample that is \(wrong)") }
        }
    }

    /// A tenth of a second of a sweep; nil where this libsndfile does not write the format.
    private static func sound(_ format: Int32, rate: Int32, channels: Int32, _ path: String) -> [UInt8]? {
        var info = SF_INFO(frames: 0, samplerate: rate, channels: channels, format: format, sections: 0, seekable: 0)
        if sf_format_check(&info) == 0 {
            info.channels = 1
            info.samplerate = 16_000
        }
        guard let file = sf_open(path, Int32(SFM_WRITE), &info) else { return nil }
        let samples = (0..<Int(info.samplerate / 10 * info.channels)).map { Float(sin(Double($0 * $0) / 4000)) / 2 }
        sf_writef_float(file, samples, Int64(samples.count) / Int64(info.channels))
        sf_close(file)
        return (try? Data(contentsOf: URL(fileURLWithPath: path))).map(Array.init)
    }

    /// Corrects the checksum of each Ogg page (RFC 3533: polynomial 0x04C11DB7, computed with the field itself as
    /// zeros).
    private static func mendPages(_ bytes: inout [UInt8]) {
        var start = 0
        while start + 27 <= bytes.count, bytes[start..<start + 4] == [0x4F, 0x67, 0x67, 0x53] {
            let segments = Int(bytes[start + 26])
            guard start + 27 + segments <= bytes.count else { return }
            let end = start + 27 + segments + bytes[(start + 27)..<(start + 27 + segments)].reduce(0) { $0 + Int($1) }
            guard end <= bytes.count else { return }
            for index in 22..<26 { bytes[start + index] = 0 }
            var sum: UInt32 = 0
            for byte in bytes[start..<end] { sum = sum << 8 ^ table[Int(UInt8(sum >> 24) ^ byte)] }
            for index in 0..<4 { bytes[start + 22 + index] = UInt8(truncatingIfNeeded: sum >> UInt32(8 * index)) }
            start = end
        }
    }

    private static let table: [UInt32] = (0..<256).map { index in
        (0..<8).reduce(UInt32(index) << 24) { sum, _ in sum & 0x8000_0000 != 0 ? sum << 1 ^ 0x04C1_1DB7 : sum << 1 }
    }
}
