import CEmotionSndFile
import EmotionCore
import EmotionSoundFiles
import Foundation
import TestSupport
import Testing

@testable import EmotionCapture

extension DeviceTests {
    /// Captures what a sound server plays, through ALSA.
    @Suite(.serialized) struct SoundServerTests {
        /// Shared by the tests, because it takes seconds to start.
        static let room = Result {
            try tape.withUnsafeBytes { try Data($0).write(to: scratch.get().url.appendingPathComponent("tape.raw")) }
            return try AudioRoom(
                devices: [.init(name: "room"), .init(name: "wide", rate: 48_000, channels: 2)],
                files: ["tape": scratch.get().url.appendingPathComponent("tape.raw")])
        }
        static let scratch = Result { try Scratch() }
        static let tape = noise(seconds: 2, rate: AudioFormat.sampleRate, seed: 5)

        /// Plays `file` on each source's device, all at the same time, and returns what the sources captured.
        private func record(_ takes: [(file: String, source: ALSASource)], _ room: AudioRoom) throws -> [[Float]] {
            let collectors = takes.map { _ in SampleCollector() }
            for (take, collector) in zip(takes, collectors) { try take.source.start { collector.take($0) } }
            defer { for take in takes { take.source.stop() } }
            #expect(eventually { collectors.allSatisfy { $0.count > 3200 } }, "a microphone does not begin")
            let playing = try takes.map { try room.play(URL(fileURLWithPath: $0.file), on: $0.source.name) }
            #expect(eventually(within: 30) { playing.allSatisfy { !$0.isRunning } })
            #expect(playing.allSatisfy { $0.exitStatus == 0 })
            // paplay ends when it has written all samples; half a second more for those on their way.
            let ends = collectors.map { $0.count + AudioFormat.sampleRate / 2 }
            #expect(eventually { zip(collectors, ends).allSatisfy { $0.count >= $1 } })
            return zip(takes, collectors).map { take, collector in
                take.source.stop()
                let status = take.source.status
                #expect(status.state == .finished && status.samplesDelivered == collector.count)
                #expect(status.overruns == 0 && status.samplesRefused == 0)
                return collector.samples
            }
        }

        @Test func capturesWhatWasPlayed() throws {
            let scratch = try Scratch()
            let room = try Self.room.get()
            room.useInThisProcess()

            // 16 kHz mono: equal sample by sample, to the sink's 16 bits.
            let played = noise(seconds: 3, rate: AudioFormat.sampleRate)
            let path = scratch.path("played.wav")
            try writeSound(
                lead(AudioFormat.sampleRate) + played,
                as: SoundFileKind.floatWAV(), to: path
            )
            // 48 kHz stereo, which the source converts: left and right differ, and their mean is expected.
            let left = noise(seconds: 3, rate: 48_000, seed: 2)
            let right = noise(seconds: 3, rate: 48_000, seed: 3)
            let stereo = zip(left, right).flatMap { [$0, $1] }
            let widePath = scratch.path("wide.wav")
            let kind = SoundFileKind.floatWAV(rate: 48_000, channels: 2)
            try writeSound(lead(96_000) + stereo, as: kind, to: widePath)

            let plain = ALSASource(device: "room")
            let wide = ALSASource(device: "wide", preferences: PCMPreferences(rate: 48_000, channels: 2))
            let captured = try record([(path, plain), (widePath, wide)], room)
            #expect(plain.format?.sampleRate == AudioFormat.sampleRate && plain.format?.channels == 1)
            #expect(wide.format?.sampleRate == 48_000 && wide.format?.channels == 2)
            try compare(played, captured[0], atLeast: 0.9999)
            // The capture begins at any of three phases, so the samples are not as close.
            let ideal = try AudioFile(path: widePath).readAll()
            try compare(Array(ideal.dropFirst(AudioFormat.sampleRate / 2)), captured[1], atLeast: 0.99)
        }

        /// Half a second of silence in front of the sound: PulseAudio swallows a few milliseconds at the start.
        private func lead(_ samplesASecond: Int) -> [Float] { .init(repeating: 0, count: samplesASecond / 2) }

        private func compare(_ played: [Float], _ captured: [Float], atLeast least: Double) throws {
            let found = alignment(of: played, in: captured)
            let start = try #require(found, "nothing like it was captured")
            try #require(captured.count >= start + played.count, "the end was not captured")
            let part = Array(captured[start..<start + played.count])
            #expect(correlation(played[...], part[...]) > least)
            #expect(lowestCorrelation(played, part) > least - 0.005, "there is a gap")
            let loudness = part.map(abs).max() ?? 0
            #expect(abs(loudness - (played.map(abs).max() ?? 0)) < 0.02)
            #expect(!captured[(start + played.count + 400)...].contains { abs($0) > 0.003 }, "it is longer than it was")
        }

        @Test func readsAFileDeviceToTheSample() throws {
            try Self.room.get().useInThisProcess()
            let collector = SampleCollector()
            let source = ALSASource(device: "tape")
            try source.start { collector.take($0) }
            #expect(eventually { collector.count >= Self.tape.count })
            source.stop()
            #expect(same(Array(collector.samples.prefix(Self.tape.count)), Self.tape))
        }

        @Test func detectsAnUnpluggedDeviceAndOpensItAgain() throws {
            let room = try AudioRoom()
            room.useInThisProcess()
            let collector = SampleCollector()
            let source = ALSASource(device: "room")
            try source.start { collector.take($0) }
            #expect(eventually { collector.count > 1600 })
            try room.unplug("room")
            let isLost = eventually {
                if case .lost = source.status.state { true } else { false }
            }
            #expect(isLost)
            if case .lost(let error) = source.status.state {
                #expect(error.subject == .device && error.name == "room")
                #expect("\(error)".hasPrefix("cannot go on reading \"room\": "))
            }
            source.stop()

            // While it is unplugged, opening it fails with a reason; plugged in again, it works again.
            #expect(throws: CaptureError.self) { try ALSASource(device: "room").start { $0.count } }
            try room.plugIn("room")
            let again = ALSASource(device: "room")
            let second = SampleCollector()
            try again.start { second.take($0) }
            #expect(eventually { second.count > 1600 })
            again.stop()
        }

        @Test func listsMicrophonesByName() throws {
            let room = try Self.room.get()
            room.useInThisProcess()
            let devices = CaptureDevice.list()
            #expect(devices.first?.kind == .standard)
            #expect(devices.first?.name == "default")
            #expect(devices.contains { $0.name == "wide" && $0.description == "Test room, wide" })
            let names = devices.map(\.name)
            #expect(Set(names).count == names.count)
            for noMicrophone in ["null", "jack", "dmix", "surround51", "hdmi", "speexrate", "oss"] {
                #expect(!names.contains { $0.hasPrefix(noMicrophone) })
            }
            for name in ["default", "room", "wide"] {
                let source = ALSASource(device: name)
                try source.start { $0.count }
                source.stop()
            }
        }
    }
}
