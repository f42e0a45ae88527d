import CEmotionSndFile
import EmotionCore
import Foundation
import TestSupport
import Testing

@testable import EmotionSoundFiles

/// Sound that comes through pipes, and bare samples.
@Suite(.timeLimit(.minutes(2))) struct SoundStreamTests {
    /// A pipe with a name, into which a thread writes bytes.
    private func pipe(_ scratch: Scratch, _ name: String, _ pieces: [Data]) throws -> String {
        let path = scratch.path(name)
        #expect(mkfifo(path, 0o600) == 0)
        Thread.detachNewThread {
            signal(SIGPIPE, SIG_IGN)
            let descriptor = open(path, O_WRONLY)
            for piece in pieces { _ = piece.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) } }
            close(descriptor)
        }
        return path
    }

    private let samples = noise(seconds: 2, rate: 16_000)

    private func bytes(_ scratch: Scratch, _ kind: SoundFileKind) throws -> Data {
        try writeSound(samples, as: kind, to: scratch.path(kind.name))
        return try Data(contentsOf: URL(fileURLWithPath: scratch.path(kind.name)))
    }

    private static let kinds = [
        SoundFileKind(name: "16.wav", format: SF_FORMAT_WAV | SF_FORMAT_PCM_16),
        SoundFileKind(name: "8.wav", format: SF_FORMAT_WAV | SF_FORMAT_PCM_U8),
        SoundFileKind(name: "24.wav", format: SF_FORMAT_WAV | SF_FORMAT_PCM_24),
        SoundFileKind(name: "32.wav", format: SF_FORMAT_WAVEX | SF_FORMAT_PCM_32, rate: 44_100, channels: 2),
        SoundFileKind(name: "float.wav", format: SF_FORMAT_WAV | SF_FORMAT_FLOAT, rate: 48_000),
        SoundFileKind(name: "double.wav", format: SF_FORMAT_WAV | SF_FORMAT_DOUBLE),
        SoundFileKind(name: "u-law.wav", format: SF_FORMAT_WAV | SF_FORMAT_ULAW, rate: 8_000),
        SoundFileKind(name: "a-law.wav", format: SF_FORMAT_WAV | SF_FORMAT_ALAW, rate: 8_000),
        SoundFileKind(name: "adpcm.wav", format: SF_FORMAT_WAV | SF_FORMAT_IMA_ADPCM),
        SoundFileKind(name: "a.flac", format: SF_FORMAT_FLAC | SF_FORMAT_PCM_16),
        SoundFileKind(name: "a.aiff", format: SF_FORMAT_AIFF | SF_FORMAT_PCM_16),
    ]

    /// A stream holds what the file holds, whether it is read as it comes or kept first.
    @Test(arguments: kinds) func aStreamIsReadAsTheFile(kind: SoundFileKind) throws {
        let scratch = try Scratch()
        let data = try bytes(scratch, kind)
        let expected = try AudioFile(path: scratch.path(kind.name)).readAll()
        // In pieces that end within a header and within a sample.
        let file = try AudioFile(
            path: pipe(scratch, "pipe", [data.prefix(21), data.dropFirst(21).prefix(1000), data.dropFirst(1021)]))
        let isKept = ["adpcm.wav", "a.flac", "a.aiff"].contains(kind.name)
        #expect(file.isStream == !isKept && file.sampleRate == kind.rate && file.channels == kind.channels)
        let read = try file.readAll()
        #expect(read.count == expected.count)
        for (a, b) in zip(read, expected) where abs(a - b) > 1e-6 {
            Issue.record("\(a) is not \(b)")
            break
        }
        #expect(file.warnings.isEmpty)
    }

    /// What arecord, ffmpeg and sox write into a pipe: sizes that they cannot know.
    @Test(arguments: [UInt32(0), 0xFFFF_FFFF, 0x7FFF_FFFF, 0x7FFF_F000, 0x8000_0000]) func anUnknownSizeIsNoFault(
        claim: UInt32
    ) throws {
        let scratch = try Scratch()
        let sound = Data((0..<64_000).map { UInt8(truncatingIfNeeded: $0 &* 7 &+ $0 >> 8) })
        let file = try AudioFile(path: pipe(scratch, "pipe", [wavBytes(sound, claim: claim)]))
        #expect(file.duration == nil)
        #expect(try file.readAll().count == 32_000 && file.warnings.isEmpty)
    }

    @Test func aStreamThatBreaksOffSaysSo() throws {
        let scratch = try Scratch()
        let file = try AudioFile(path: pipe(scratch, "pipe", [wavBytes(Data(count: 32_000), claim: 64_000)]))
        #expect(file.duration == 2)
        #expect(try file.read(upTo: 32_000).count == 16_000)
        let error = #expect(throws: SoundFileError.self) { try file.read(upTo: 1) }
        #expect(error?.problem == "it breaks off after 1.000 s, and its header promises 2.000 s")
    }

    /// What comes behind the samples is no sound.
    @Test func chunksBehindTheSamplesAreLeftOut() throws {
        let scratch = try Scratch()
        let file = try AudioFile(
            path: pipe(scratch, "pipe", [wavBytes(Data(count: 32_000)) + Data("LIST".utf8) + Data(count: 400)]))
        #expect(try file.readAll().count == 16_000)
    }

    @Test func emptyAndWrongStreamsAreErrors() throws {
        let scratch = try Scratch()
        let empty = #expect(throws: SoundFileError.self) { try AudioFile(path: pipe(scratch, "a", [])) }
        #expect(empty?.problem == "it is empty")
        let text = #expect(throws: SoundFileError.self) { try AudioFile(path: pipe(scratch, "b", [Data("no".utf8)])) }
        #expect(text?.attempt == "open", "\(String(describing: text))")
    }

    /// A reader that waits for a writer can be ended.
    @Test func aSilentStreamCanBeInterrupted() throws {
        let scratch = try Scratch()
        let path = scratch.path("pipe")
        #expect(mkfifo(path, 0o600) == 0)
        let writer = Thread { _ = open(path, O_WRONLY) }
        writer.start()
        // The writer stays open and silent.
        let raw = try #require(RawFormat("S16_LE,16000,1"))
        let bytes = ByteStream(descriptor: open(path, O_RDONLY))
        let interrupter = bytes.interrupter
        Thread.detachNewThread {
            usleep(200_000)
            interrupter.interrupt()
        }
        let stream = PCMStream(bytes, raw: raw, path: path)
        let buffer = UnsafeMutableBufferPointer<Float>.allocate(capacity: 100)
        defer { buffer.deallocate() }
        #expect(stream.read(into: buffer) == 0)
    }

    // MARK: Bare samples

    @Test func rawFormatsAreReadByTheirNames() throws {
        #expect(RawFormat("S16_LE,16000,1")?.sampleRate == 16_000)
        #expect(RawFormat("s24_3be,48000,2")?.channels == 2)
        for wrong in [
            "S16_LE", "S16_LE,16000", "S17_LE,16000,1", "S16_LE,0,1", "S16_LE,16000,65", "S16_LE,16000,1,1", "",
        ] {
            #expect(RawFormat(wrong) == nil, "\(wrong)")
        }
    }

    /// Each integer encoding of -0.5, 0 and 0.25, and floats.
    @Test func encodingsAreDecoded() throws {
        let expected: [Float] = [-0.5, 0, 0.25]
        for (name, encoding) in SampleEncoding.named where encoding.kind == .signed || encoding.kind == .unsigned {
            let scale = Double(UInt64(1) << UInt64(encoding.bits - 1))
            var data: [UInt8] = []
            for value in expected {
                var word = UInt64(bitPattern: Int64(Double(value) * scale))
                if encoding.kind == .unsigned { word = word &+ UInt64(scale) }
                // The byte that does not count of 24 bits in 4 bytes is anything.
                if encoding.bits < 8 * encoding.bytes { word = word & 0xFF_FFFF | 0xA500_0000 }
                let little = (0..<encoding.bytes).map { UInt8(truncatingIfNeeded: word >> UInt64(8 * $0)) }
                data += encoding.isBigEndian ? little.reversed() : little
            }
            for (index, value) in expected.enumerated() {
                #expect(encoding.sample(in: data.span, at: index * encoding.bytes) == value, "\(name)")
            }
        }
        let float = try #require(SampleEncoding(name: "FLOAT_BE"))
        #expect(float.sample(in: [0x3E, 0x80, 0, 0].span, at: 0) == 0.25)
        let double = try #require(SampleEncoding(name: "FLOAT64_LE"))
        #expect(double.sample(in: [0, 0, 0, 0, 0, 0, 0xE0, 0xBF].span, at: 0) == -0.5)
    }

    @Test func bareSamplesOfAFile() throws {
        let scratch = try Scratch()
        let data = Data([0, 0x40, 0, 0xC0, 0xFF, 0x7F])
        try data.write(to: URL(fileURLWithPath: scratch.path("a.pcm")))
        let file = try AudioFile(path: scratch.path("a.pcm"), raw: RawFormat("S16_LE,16000,1"))
        #expect(try file.readAll() == [0.5, -0.5, 32_767 / 32_768])
    }
}
