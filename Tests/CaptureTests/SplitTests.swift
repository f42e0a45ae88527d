import CEmotionSndFile
import EmotionCore
import Foundation
import Synchronization
import TestSupport
import Testing

@testable import EmotionCapture

/// Frames of these channels, sample after sample in turn.
private func interleaved(_ channels: [[Float]]) -> [Float] {
    channels[0].indices.flatMap { frame in channels.map { $0[frame] } }
}

/// One channel of interleaved frames of two.
private func channel(_ index: Int, of frames: [Float]) -> [Float] {
    stride(from: index, to: frames.count, by: 2).map { frames[$0] }
}

/// Two channels of a recording, kept apart.
@Suite struct SplitFileTests {
    private let one = rustle(seconds: 2, rate: AudioFormat.sampleRate, seed: 1)
    private let two = rustle(seconds: 2, rate: AudioFormat.sampleRate, seed: 2)

    private func file(_ scratch: Scratch, _ channels: [[Float]], rate: Int = AudioFormat.sampleRate) throws -> String {
        let path = scratch.path("\(channels.count)-\(rate).wav")
        let kind = FileKind(
            name: "wav", format: SF_FORMAT_WAV | SF_FORMAT_FLOAT, rate: rate, channels: channels.count)
        try write(interleaved(channels), as: kind, to: path)
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
        let sounds = [3, 4].map { rustle(seconds: 2, rate: rate, seed: $0) }
        let frames = try AudioFile(path: file(scratch, sounds, rate: rate), mode: .split).readAll()
        for index in 0..<2 {
            let alone = try AudioFile(path: file(scratch, [sounds[index]], rate: rate)).readAll()
            #expect(frames.count == 2 * alone.count)
            let noise = noiseBelow(alone, channel(index, of: frames))
            #expect(noise > 120, "\(noise) dB")
        }
    }

    @Test func aMonoFileIsRefusedWithWhatWouldWork() throws {
        let scratch = try Scratch()
        let path = try file(scratch, [one])
        let error = #expect(throws: CaptureError.self) { try FileSource(path: path, pace: .fast, mode: .split) }
        #expect(
            error?.description == "cannot split \"\(path)\": it has 1 channel, and two speakers need 2; "
                + "leave --split-channels out, or name a stereo recording")
        #expect(error?.subject == .inputFile)
    }

    /// A sink that takes a few frames at a time loses none of a fast file, and neither channel slips against the other.
    @Test func aFastSourceHandsOnWholeFrames() throws {
        let scratch = try Scratch()
        let source = try FileSource(path: file(scratch, [one, two]), pace: .fast, mode: .split)
        let recorder = Recorder()
        try source.start { samples in
            let some = UnsafeBufferPointer(rebasing: samples.prefix(2 * Int.random(in: 0...200)))
            return recorder.take(some)
        }
        #expect(eventually { source.status.state == .finished })
        #expect(source.status.samplesDelivered == one.count && source.status.samplesRefused == 0)
        #expect(same(recorder.samples, interleaved([one, two])))
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

extension DeviceTests {
    /// Two channels of a device, kept apart.
    @Suite(.serialized) struct SplitDeviceTests {
        /// Ramps from 0 to 1, and from 0 to -1, over ten seconds; further channels at full scale.
        private func device(_ name: String, rate: Int, channels: Int) -> ClockedMicrophone.Device {
            var data = Data()
            for frame in 0..<rate * 10 {
                let value = Int16(32_767 * frame / (rate * 10))
                for channel in 0..<channels {
                    let sample: Int16 = channel == 0 ? value : channel == 1 ? -value : 32_767
                    withUnsafeBytes(of: sample.littleEndian) { data.append(contentsOf: $0) }
                }
            }
            return .init(name: name, sound: data, format: "S16_LE", rate: rate, channels: channels)
        }

        @Test func twoOfADevicesChannelsAreHeardApart() throws {
            let kinds = [(16_000, 2), (48_000, 2), (44_100, 4)]
            let devices = kinds.enumerated().map { device("kind\($0)", rate: $1.0, channels: $1.1) }
            let microphone = try ClockedMicrophone(devices)
            setenv("ALSA_CONFIG_PATH", microphone.configurationPath, 1)
            for (index, kind) in kinds.enumerated() {
                let recorder = Recorder()
                let source = ALSASource(device: devices[index].name, mode: .split)
                try source.start { recorder.take($0) }
                #expect(eventually { recorder.count > 16_000 })
                source.stop()
                #expect(source.channels == kind.1)
                #expect(source.status.samplesDelivered * 2 == recorder.count && source.status.overruns == 0)
                let frames = recorder.samples
                for frame in stride(from: 400, to: 8_000, by: 100) {
                    let (left, right) = (frames[2 * frame], frames[2 * frame + 1])
                    #expect(abs(left - Float(frame) / 160_000) < 2e-4, "\(kind) at \(frame)")
                    #expect(abs(left + right) < 2e-4, "\(kind) at \(frame)")
                }
            }
        }

        @Test func anOverrunLosesTheSameOfBoth() throws {
            let microphone = try ClockedMicrophone([device("mic", rate: 16_000, channels: 2)])
            setenv("ALSA_CONFIG_PATH", microphone.configurationPath, 1)
            let recorder = Recorder()
            let calls = Atomic<Int>(0)
            let source = ALSASource(device: "mic", mode: .split)
            try source.start { samples in
                // The tenth call takes too long for the buffer of half a second.
                if calls.wrappingAdd(1, ordering: .relaxed).newValue == 10 { usleep(1_200_000) }
                return recorder.take(samples)
            }
            #expect(eventually { source.status.overruns == 1 && recorder.count > 24_000 })
            source.stop()
            let frames = recorder.samples
            #expect(stride(from: 0, to: frames.count, by: 2).allSatisfy { abs(frames[$0] + frames[$0 + 1]) < 2e-4 })
            let position = try #require(source.status.lastLossPosition)
            let step = (frames[2 * (position + 400)] - frames[2 * (position - 400)]) * 160_000 - 800
            #expect(abs(Int(step) - source.status.samplesLostToOverruns) < 1600)
        }

        @Test func aMonoDeviceIsRefusedWithWhatWouldWork() throws {
            let microphone = try ClockedMicrophone([device("mono", rate: 16_000, channels: 1)])
            setenv("ALSA_CONFIG_PATH", microphone.configurationPath, 1)
            let source = ALSASource(device: "mono", mode: .split)
            let error = #expect(throws: CaptureError.self) { try source.start { $0.count } }
            #expect(
                error?.description == "cannot split \"mono\": it has 1 channel, and two speakers need 2; "
                    + "leave --split-channels out, or name a device with two (`emoscope devices` lists what there is)")
            #expect(error?.subject == .device)
        }
    }
}
