import CEmotionSndFile
import EmotionCore
import Foundation
import Synchronization
import TestSupport
import Testing

@testable import EmotionCapture

extension DeviceTests {
    /// Two channels of a device, delivered separately.
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

        @Test func theFirstTwoChannelsAreDeliveredSeparately() throws {
            let kinds = [(16_000, 2), (48_000, 2), (44_100, 4)]
            let devices = kinds.enumerated().map { device("kind\($0)", rate: $1.0, channels: $1.1) }
            let microphone = try ClockedMicrophone(devices)
            setenv("ALSA_CONFIG_PATH", microphone.configurationPath, 1)
            for (index, kind) in kinds.enumerated() {
                let collector = SampleCollector()
                let source = ALSASource(device: devices[index].name, mode: .split)
                try source.start { collector.take($0) }
                #expect(eventually { collector.count > 16_000 })
                source.stop()
                #expect(source.channels == kind.1)
                #expect(source.status.samplesDelivered * 2 == collector.count && source.status.overruns == 0)
                let frames = collector.samples
                for frame in stride(from: 400, to: 8_000, by: 100) {
                    let (left, right) = (frames[2 * frame], frames[2 * frame + 1])
                    #expect(abs(left - Float(frame) / 160_000) < 2e-4, "\(kind) at \(frame)")
                    #expect(abs(left + right) < 2e-4, "\(kind) at \(frame)")
                }
            }
        }

        @Test func anOverrunLosesTheSameFramesOfBothChannels() throws {
            let microphone = try ClockedMicrophone([device("mic", rate: 16_000, channels: 2)])
            setenv("ALSA_CONFIG_PATH", microphone.configurationPath, 1)
            let collector = SampleCollector()
            let calls = Atomic<Int>(0)
            let source = ALSASource(device: "mic", mode: .split)
            let gaps = Locked<[Int]>([])
            try source.start(
                { samples in
                    // The tenth call takes too long for the buffer of half a second.
                    if calls.wrappingAdd(1, ordering: .relaxed).newValue == 10 { usleep(1_200_000) }
                    return collector.take(samples)
                }, lost: { _ in gaps.withLock { $0.append(collector.count / 2) } })
            #expect(eventually { source.status.overruns == 1 && collector.count > 24_000 })
            source.stop()
            let frames = collector.samples
            #expect(stride(from: 0, to: frames.count, by: 2).allSatisfy { abs(frames[$0] + frames[$0 + 1]) < 2e-4 })
            let position = try #require(gaps.withLock { $0.first })
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
