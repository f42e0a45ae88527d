import CEmotionSndFile
import EmotionCore
import Foundation
import TestSupport
import Testing

@testable import EmotionSoundFiles

/// One channel of interleaved frames with two channels.
private func channel(_ index: Int, of frames: [Float]) -> [Float] {
    stride(from: index, to: frames.count, by: 2).map { frames[$0] }
}

/// Reading and writing of two separate channels.
@Suite struct SplitFileTests {
    private let one = noise(seconds: 2, rate: AudioFormat.sampleRate, seed: 1)
    private let two = noise(seconds: 2, rate: AudioFormat.sampleRate, seed: 2)

    private func file(_ scratch: Scratch, _ channels: [[Float]], rate: Int = AudioFormat.sampleRate) throws -> String {
        let path = scratch.path("\(channels.count)-\(rate).wav")
        let kind = SoundFileKind.floatWAV(rate: rate, channels: channels.count)
        try writeSound(interleaved(channels), as: kind, to: path)
        return path
    }

    @Test func aStereoFileGivesTheVerySameSamplesOfBothChannels() throws {
        let scratch = try Scratch()
        let frames = try AudioFile(path: file(scratch, [one, two]), mode: .split).readAll()
        #expect(same(channel(0, of: frames), one) && same(channel(1, of: frames), two))
    }

    @Test func ofMoreChannelsTheFirstTwoAreKept() throws {
        let scratch = try Scratch()
        let loud = [Float](repeating: 0.9, count: one.count)
        let file = try AudioFile(path: file(scratch, [one, two, loud, loud, loud, loud]), mode: .split)
        #expect(file.channels == 6)
        let frames = try file.readAll()
        #expect(same(channel(0, of: frames), one) && same(channel(1, of: frames), two))
    }

    @Test(arguments: [48_000, 44_100, 8_000]) func bothChannelsAreConvertedAlike(rate: Int) throws {
        let scratch = try Scratch()
        let sounds = [3, 4].map { noise(seconds: 2, rate: rate, seed: $0) }
        let frames = try AudioFile(path: file(scratch, sounds, rate: rate), mode: .split).readAll()
        for index in 0..<2 {
            let alone = try AudioFile(path: file(scratch, [sounds[index]], rate: rate)).readAll()
            #expect(frames.count == 2 * alone.count)
            let ratio = signalToNoise(alone, channel(index, of: frames))
            #expect(ratio > 120, "\(ratio) dB")
        }
    }

    @Test func aMonoFileIsRefusedWithWhatWouldWork() throws {
        let scratch = try Scratch()
        let path = try file(scratch, [one])
        let error = #expect(throws: SoundFileError.self) { try AudioFile(path: path, mode: .split) }
        #expect(
            error?.description == "cannot split \"\(path)\": it has 1 channel, and two speakers need 2; "
                + "leave --split-channels out, or name a stereo recording")
    }

    @Test func twoChannelsAreSavedAsTheyWere() throws {
        let scratch = try Scratch()
        let path = scratch.path("saved.wav")
        let writer = try WAVWriter(path: path, channels: 2)
        let frames = interleaved([one, two])
        try writer.append(Array(frames[..<20_000]))
        writer.skip(500)
        try writer.append(Array(frames[20_000...]))
        #expect(writer.framesWritten == one.count + 500)
        let file = try AudioFile(path: path, mode: .split)
        #expect(file.channels == 2 && file.sampleRate == AudioFormat.sampleRate)
        let gap = [Float](repeating: 0, count: 1000)
        #expect(same(try file.readAll(), frames[..<20_000] + gap + frames[20_000...]))
    }

    /// 9.3 hours of two channels are 4 GiB.
    @Test func twoChannelsBeyondFourGiBAreRF64() throws {
        let scratch = try Scratch()
        let path = scratch.path("long.wav")
        let frames = 600_000_000
        try Data(WAVHeader.bytes(frames: frames, channels: 2)).write(to: URL(fileURLWithPath: path))
        try #require(truncate(path, WAVHeader.size + frames * 8) == 0, "a sparse file")
        let file = try AudioFile(path: path, mode: .split)
        #expect(file.duration == Double(frames) / 16_000 && file.channels == 2)
    }
}
