import CEmotionSndFile
import EmotionCore
import Foundation
import TestSupport
import Testing

@testable import EmotionSoundFiles

@Suite struct AudioFileTests {
    static let kinds: [SoundFileKind] = [
        .init(name: "16-bit.wav", format: SF_FORMAT_WAV | SF_FORMAT_PCM_16),
        .init(name: "24-bit.wav", format: SF_FORMAT_WAV | SF_FORMAT_PCM_24, rate: 48_000, channels: 2),
        .init(name: "u-law.wav", format: SF_FORMAT_WAV | SF_FORMAT_ULAW, rate: 8_000),
        .init(name: "flac.flac", format: SF_FORMAT_FLAC | SF_FORMAT_PCM_16, rate: 44_100, channels: 2),
        .init(name: "vorbis.ogg", format: SF_FORMAT_OGG | SF_FORMAT_VORBIS, rate: 44_100),
        .init(name: "opus.opus", format: SF_FORMAT_OGG | SF_FORMAT_OPUS, rate: 48_000, channels: 2),
        .init(name: "mpeg.mp3", format: SF_FORMAT_MPEG | SF_FORMAT_MPEG_LAYER_III, rate: 44_100, channels: 2),
        .init(name: "aiff.aiff", format: SF_FORMAT_AIFF | SF_FORMAT_PCM_16, rate: 22_050),
        .init(name: "many.wav", format: SF_FORMAT_WAV | SF_FORMAT_PCM_16, rate: 96_000, channels: 32),
    ]

    @Test(arguments: kinds) func readsEachFormat(kind: SoundFileKind) throws {
        let scratch = try Scratch()
        let path = scratch.path(kind.name)
        let tone = sine(300, seconds: 2, rate: kind.rate)
        // Opposite offsets on the channels of a pair, which the mean cancels.
        let frames = tone.flatMap { sample in
            (0..<kind.channels).map { kind.channels == 1 ? sample : sample + ($0 % 2 == 0 ? 0.2 : -0.2) }
        }
        try writeSound(frames, as: kind, to: path)
        let file = try AudioFile(path: path)
        #expect(file.sampleRate == kind.rate && file.channels == kind.channels)
        #expect(abs(try #require(file.duration) - 2) < 0.06)
        let samples = try file.readAll()
        #expect(abs(samples.count - 32_000) < 1000, "\(samples.count)")
        // Coders may shift the sound by a few milliseconds, so the phase of the tone is free.
        let ideal = sine(300, seconds: 2, rate: AudioFormat.sampleRate)
        let best = (0..<54).map { correlation(ideal[8000..<24_000], samples[8000 + $0..<24_000 + $0]) }.max() ?? 0
        #expect(best > 0.99, "\(best)")
        let power = samples[8000..<24_000].reduce(0) { $0 + Double($1 * $1) } / 16_000
        #expect(abs(power - 0.125) < 0.01, "\(power)")
        #expect(try file.read(upTo: 100).isEmpty)
    }

    @Test func keeps16kHzMonoAsItIs() throws {
        let scratch = try Scratch()
        let samples = noise(seconds: 5, rate: AudioFormat.sampleRate)
        let kind = SoundFileKind.floatWAV()
        try writeSound(samples, as: kind, to: scratch.path("float.wav"))
        #expect(same(try AudioFile(path: scratch.path("float.wav")).readAll(), samples))
    }

    @Test func doesNotDependOnThePieces() throws {
        let scratch = try Scratch()
        let kind = SoundFileKind.floatWAV(rate: 44_100, channels: 2)
        try writeSound(noise(seconds: 2, rate: 88_200), as: kind, to: scratch.path("a.wav"))
        let whole = try AudioFile(path: scratch.path("a.wav")).readAll()
        #expect(abs(whole.count - 32_000) <= 1, "\(whole.count): the end is part of it")
        let file = try AudioFile(path: scratch.path("a.wav"))
        var generator = Generator(seed: 4)
        var pieces: [Float] = []
        while true {
            let piece = try file.read(upTo: Int.random(in: 1...3000, using: &generator))
            if piece.isEmpty { break }
            pieces += piece
        }
        #expect(same(pieces, whole))
    }

    @Test func readsInvalidSamplesAsSilence() throws {
        let scratch = try Scratch()
        var samples = noise(seconds: 0.1, rate: AudioFormat.sampleRate)
        (samples[10], samples[20], samples[30], samples[40], samples[50]) = (.nan, .infinity, -.infinity, 1e30, 1.5)
        let kind = SoundFileKind.floatWAV()
        try writeSound(samples, as: kind, to: scratch.path("odd.wav"))
        let file = try AudioFile(path: scratch.path("odd.wav"))
        let read = try file.readAll()
        #expect([read[10], read[20], read[30], read[40]] == [0, 0, 0, 0])
        #expect(read[50] == 1.5 && read[60] == samples[60])
    }

    @Test func refusesWithAReason() throws {
        let scratch = try Scratch()
        func refusal(_ path: String) -> String {
            do {
                _ = try AudioFile(path: path)
                return "opened"
            } catch {
                #expect(error.path == path)
                return error.problem
            }
        }
        func file(_ name: String, _ data: Data) throws -> String {
            try data.write(to: URL(fileURLWithPath: scratch.path(name)))
            return scratch.path(name)
        }
        #expect(refusal(scratch.path("none.wav")) == "there is no such file")
        #expect(refusal("") == "there is no such file")
        #expect(refusal(scratch.url.path) == "it is a folder")
        #expect(refusal("/dev/zero") == "it is a device, not a file or a pipe")
        #expect(refusal(try file("empty.wav", Data())) == "it is empty")
        let text = Data("This is not a sound, whatever its name says.".utf8)
        let refused = refusal(try file("text.wav", text))
        #expect(
            refused.hasPrefix("it is no sound file that this program reads (")
                || refused.hasPrefix("neither this program nor ffmpeg finds sound in it"), "\(refused)")
        #expect(refusal(try file("bare.wav", wavBytes(Data()))).hasPrefix("it holds no sound"))
        let second = Data(count: 32_000)
        #expect(refusal(try file("wide.wav", wavBytes(second, channels: 1000))).contains("1000 channels, and 1 to 64"))
        #expect(refusal(try file("fast.wav", wavBytes(second, rate: 2_000_000))).contains("2000000 Hz"))
        #expect(refusal(try file("slow.wav", wavBytes(second, rate: 1))).contains("1 Hz, and 1000 to 768000 work"))
        // A wrong size is no reason to refuse: players that were killed leave such files.
        let claim = try AudioFile(path: file("claim.wav", wavBytes(second, claim: 0xffff_fff0)))
        #expect(try claim.readAll().count == 16_000)
    }

    /// Any bytes give an error or some sound, but no crash and no unbounded memory.
    @Test func survivesDamagedFiles() throws {
        let scratch = try Scratch()
        var generator = Generator(seed: 9)
        for kind in Self.kinds where kind.channels <= 2 {
            let path = scratch.path(kind.name)
            try writeSound(noise(seconds: 0.5, rate: kind.rate * kind.channels), as: kind, to: path)
            let good = try Data(contentsOf: URL(fileURLWithPath: path))
            var outcomes: Set<Bool> = []
            for round in 0..<60 {
                var bad = good
                // Half of the rounds damage the header, the others any bytes; every fourth truncates the file.
                let reach = round % 2 == 0 ? min(64, bad.count) : bad.count
                for _ in 0..<Int.random(in: 1...12, using: &generator) {
                    bad[Int.random(in: 0..<reach, using: &generator)] = UInt8.random(in: 0...255, using: &generator)
                }
                if round % 4 == 3 { bad = bad.prefix(Int.random(in: 1..<bad.count, using: &generator)) }
                try bad.write(to: URL(fileURLWithPath: path))
                var total = 0
                do {
                    let file = try AudioFile(path: path)
                    while total < 160_000 {
                        let piece = try file.read(upTo: 4000)
                        if piece.isEmpty { break }
                        #expect(piece.allSatisfy { $0.isFinite })
                        total += piece.count
                    }
                    outcomes.insert(true)
                } catch {
                    // What broke off was read up to there.
                    outcomes.insert(total > 0)
                }
            }
            #expect(outcomes.contains(true), "\(kind.name): no damaged file was read")
        }
    }
}
