import CEmotionSndFile
import EmotionCore
import Foundation
import TestSupport
import Testing

@testable import EmotionSoundFiles

/// Files whose headers were never finished, and files that are cut off, of each container that says a size.
@Suite struct UnfinishedFileTests {
    /// Where a container says the size of its samples.
    struct Container: Sendable, CustomTestStringConvertible {
        let kind: SoundFileKind
        let chunk: String
        /// Bytes from the chunk's name to its size.
        let offset: Int
        let width: Int
        let isBigEndian: Bool
        /// What the size counts beside samples.
        let overhead: Int

        init(
            _ name: String, _ format: Int, _ chunk: String = "data", offset: Int = 4, width: Int = 4, big: Bool = false,
            overhead: Int = 0, rate: Int = 16_000, channels: Int = 1
        ) {
            kind = SoundFileKind(name: name, format: format, rate: rate, channels: channels)
            (self.chunk, self.offset, self.width) = (chunk, offset, width)
            (isBigEndian, self.overhead) = (big, overhead)
        }

        var testDescription: String { kind.name }

        /// The size as it is written in a file.
        func place(in data: Data) throws -> Range<Int> {
            let name = try #require(data.range(of: Data(chunk.utf8)))
            return name.lowerBound + offset..<name.lowerBound + offset + width
        }

        func size(_ value: UInt64) -> Data {
            let little = (0..<width).map { UInt8(truncatingIfNeeded: value >> UInt64(8 * $0)) }
            return Data(isBigEndian ? little.reversed() : little)
        }
    }

    static let containers: [Container] = [
        Container("16.wav", SF_FORMAT_WAV | SF_FORMAT_PCM_16),
        Container("24-stereo.wav", SF_FORMAT_WAV | SF_FORMAT_PCM_24, rate: 44_100, channels: 2),
        Container("float.wav", SF_FORMAT_WAV | SF_FORMAT_FLOAT),
        Container("double.wav", SF_FORMAT_WAV | SF_FORMAT_DOUBLE),
        Container("u-law.wav", SF_FORMAT_WAV | SF_FORMAT_ULAW, rate: 8_000),
        Container("extensible.wav", SF_FORMAT_WAVEX | SF_FORMAT_PCM_16, channels: 2),
        Container("big.rifx", SF_FORMAT_WAV | SF_FORMAT_PCM_16 | SF_ENDIAN_BIG, big: true),
        // The size is in the second number of the chunk ds64.
        Container("rf64.wav", SF_FORMAT_RF64 | SF_FORMAT_PCM_16, "ds64", offset: 16, width: 8),
        Container("64.w64", SF_FORMAT_W64 | SF_FORMAT_PCM_16, offset: 16, width: 8, overhead: 24),
        Container("16.aiff", SF_FORMAT_AIFF | SF_FORMAT_PCM_16, "SSND", big: true, overhead: 8),
        Container("float.aifc", SF_FORMAT_AIFF | SF_FORMAT_FLOAT, "SSND", big: true, overhead: 8),
        Container("16.caf", SF_FORMAT_CAF | SF_FORMAT_PCM_16, width: 8, big: true, overhead: 4),
        Container("16.au", SF_FORMAT_AU | SF_FORMAT_PCM_16, ".snd", offset: 8, big: true),
    ]

    /// A file of three seconds, its bytes, and its samples as they are read.
    private func sound(_ container: Container, _ scratch: Scratch) throws -> (
        path: String, data: Data, samples: [Float]
    ) {
        let path = scratch.path(container.kind.name)
        try writeSound(
            noise(seconds: 3, rate: container.kind.rate * container.kind.channels), as: container.kind, to: path)
        let file = try AudioFile(path: path)
        let samples = try file.readAll()
        #expect(file.warnings.isEmpty, "\(file.warnings)")
        return (path, try Data(contentsOf: URL(fileURLWithPath: path)), samples)
    }

    @Test(arguments: containers) func aSizeThatWasNeverWrittenIsReadToTheEnd(container: Container) throws {
        let scratch = try Scratch()
        var (path, data, samples) = try sound(container, scratch)
        let place = try container.place(in: data)
        let whole = UInt64(truncatingIfNeeded: data[place].reduce(0) { $0 << 8 | Int($1) })
        #expect(whole != 0)
        let greatest = container.width == 8 ? UInt64.max : UInt64(UInt32.max)
        // A size that covers a third of the sound, as where the last header was written a while ago.
        let bytes = UInt64(data.count) / 3 / 4 * 4
        var sizes: [UInt64] = [0, bytes]
        // By the greatest size, AU and CAF say that the sound ends with the file.
        let isOpen = container.chunk == ".snd" || container.kind.name.hasSuffix(".caf")
        if !isOpen { sizes += [greatest] }
        if container.width == 4, container.chunk != ".snd" {
            sizes += [greatest - 36, 0x7FFF_FFFF, 0x8000_0000, 0x7FFF_F000]
        }
        for size in sizes {
            data.replaceSubrange(place, with: container.size(size))
            try data.write(to: URL(fileURLWithPath: path))
            let file = try AudioFile(path: path)
            let read = try file.readAll()
            #expect(same(Array(read.prefix(samples.count - 16)), Array(samples.dropLast(16))), "\(size)")
            #expect(abs(read.count - samples.count) <= 16, "\(size): \(read.count) of \(samples.count)")
            #expect(file.warnings.map(\.kind) == [.unfinishedHeader] && !file.warnings[0].losesSound, "\(size)")
            #expect(file.warnings[0].path == path)
            #expect(abs(try #require(file.duration) - 3) < 0.01)
        }
    }

    /// AU and CAF may leave the size open, which is no fault.
    @Test(arguments: containers.filter { ["16.caf", "16.au"].contains($0.kind.name) })
    func anOpenSizeIsNoFault(container: Container) throws {
        let scratch = try Scratch()
        var (path, data, samples) = try sound(container, scratch)
        try data.replaceSubrange(
            container.place(in: data), with: container.size(container.width == 8 ? .max : UInt64(UInt32.max)))
        try data.write(to: URL(fileURLWithPath: path))
        let file = try AudioFile(path: path)
        #expect(same(Array(try file.readAll().prefix(samples.count)), samples))
        #expect(file.warnings.isEmpty, "\(file.warnings)")
    }

    /// libsndfile says nothing of an Ogg file that is cut off.
    @Test(arguments: [SF_FORMAT_VORBIS, SF_FORMAT_OPUS]) func oggThatIsCutOffSaysSo(codec: Int) throws {
        let scratch = try Scratch()
        let path = scratch.path("a.ogg")
        try writeSound(
            noise(seconds: 6, rate: 16_000), as: SoundFileKind(name: "ogg", format: SF_FORMAT_OGG | codec), to: path)
        let whole = try Data(contentsOf: URL(fileURLWithPath: path))
        let all = try AudioFile(path: path).readAll().count
        for kept in [whole.count * 2 / 3, whole.count - 1, whole.count - 40] {
            try whole.prefix(kept).write(to: URL(fileURLWithPath: path))
            let file = try AudioFile(path: path)
            var count = 0
            let error = #expect(throws: SoundFileError.self) {
                while case let piece = try file.read(upTo: 3000), !piece.isEmpty { count += piece.count }
            }
            #expect(error?.problem.contains("breaks off after") == true, "\(kept): \(String(describing: error))")
            #expect(count > 0 && count <= all)
        }
        // A recorder that was killed between two pages.
        let last = try #require(whole.range(of: Data("OggS".utf8), options: .backwards))
        try whole.prefix(last.lowerBound).write(to: URL(fileURLWithPath: path))
        let file = try AudioFile(path: path)
        #expect(try file.readAll().count > 0)
        #expect(file.warnings.map(\.kind) == [.unfinishedHeader], "\(file.warnings)")
        try (whole + Data("TAG".utf8) + Data(count: 125)).write(to: URL(fileURLWithPath: path))
        #expect(try AudioFile(path: path).readAll().count == all)
    }

    @Test(arguments: containers) func aFileThatIsCutOffSaysSoAfterItsSound(container: Container) throws {
        let scratch = try Scratch()
        let (path, data, samples) = try sound(container, scratch)
        let frame = container.kind.channels * (container.kind.name.contains("float") ? 4 : 3)
        for kept in [data.count / 3, data.count / 2 + 1, data.count - 100 * frame, data.count - 8 * frame] {
            try data.prefix(kept).write(to: URL(fileURLWithPath: path))
            let file = try AudioFile(path: path)
            var read: [Float] = []
            let error = #expect(throws: SoundFileError.self) {
                while case let piece = try file.read(upTo: 3000), !piece.isEmpty { read += piece }
            }
            let problem = try #require(error?.problem)
            #expect(
                problem.hasPrefix("it breaks off after ") && problem.contains("promises 3.000 s"), "\(kept): \(problem)"
            )
            let share = Double(kept) / Double(data.count)
            #expect(abs(Double(read.count) / Double(samples.count) - share) < 0.04, "\(kept): \(read.count)")
            let common = min(read.count, samples.count) - 800
            #expect(same(Array(read.prefix(common)), Array(samples.prefix(common))))
            // Once said, it is not said again.
            #expect(try file.read(upTo: 100).isEmpty && file.warnings.isEmpty)
        }
    }

    /// What other programs put behind the samples is neither sound nor a fault.
    @Test func whatFollowsTheSamplesIsNoFault() throws {
        let scratch = try Scratch()
        let path = scratch.path("a.wav")
        let sound = Data((0..<64_000).map { UInt8(truncatingIfNeeded: $0 &* 7 &+ $0 >> 8) })
        func chunk(_ name: String, _ size: UInt32, _ bytes: Int) -> Data {
            Data(name.utf8) + withUnsafeBytes(of: size.littleEndian) { Data($0) } + Data(repeating: 65, count: bytes)
        }
        let tails: [(String, Data)] = [
            ("nothing", Data()), ("a list", chunk("LIST", 600, 600)),
            ("two chunks", chunk("fact", 4, 4) + chunk("id3 ", 700, 700)),
            ("a tag", chunk("TAGa", 0x4141_4141, 120)), ("a tag of APE", chunk("APET", 0x4745_5841, 2000)),
            ("padding", Data(count: 40_000)), ("a few bytes", Data([1, 2, 3])),
        ]
        for (name, tail) in tails {
            try (wavBytes(sound) + tail).write(to: URL(fileURLWithPath: path))
            let file = try AudioFile(path: path)
            #expect(try file.readAll().count == 32_000, "\(name)")
            #expect(file.warnings.isEmpty, "\(name): \(file.warnings)")
        }
        try wavBytes(sound + chunk("fact", 4, 4), claim: 0).write(to: URL(fileURLWithPath: path))
        // A header that was never finished says nothing of chunks.
        #expect(try AudioFile(path: path).readAll().count == 32_006)
        let empty = wavBytes(Data()) + chunk("LIST", 600, 600)
        try empty.write(to: URL(fileURLWithPath: path))
        #expect(throws: SoundFileError.self) { try AudioFile(path: path) }
    }

    /// The channels of a split file are corrected too, and a compressed file that breaks off by a frame is noticed.
    @Test func splitAndCompressedFilesToo() throws {
        let scratch = try Scratch()
        let path = scratch.path("two.wav")
        let frames = interleaved([1, 2].map { noise(seconds: 2, rate: 16_000, seed: $0) })
        try writeSound(frames, as: .floatWAV(channels: 2), to: path)
        var data = try Data(contentsOf: URL(fileURLWithPath: path))
        let name = try #require(data.range(of: Data("data".utf8)))
        data.replaceSubrange(name.upperBound..<name.upperBound + 4, with: Data(count: 4))
        try data.write(to: URL(fileURLWithPath: path))
        let file = try AudioFile(path: path, mode: .split)
        #expect(same(try file.readAll(), frames) && file.warnings.count == 1)

        let flac = SoundFileKind(name: "flac", format: SF_FORMAT_FLAC | SF_FORMAT_PCM_16)
        try writeSound(noise(seconds: 3, rate: 16_000), as: flac, to: scratch.path("a.flac"))
        let whole = try Data(contentsOf: URL(fileURLWithPath: scratch.path("a.flac")))
        try whole.dropLast(300).write(to: URL(fileURLWithPath: scratch.path("a.flac")))
        #expect(throws: SoundFileError.self) { try AudioFile(path: scratch.path("a.flac")).readAll() }
    }
}
