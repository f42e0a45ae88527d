import EmotionCore
import Foundation
import TestSupport
import Testing

@testable import EmotionCapture

extension DeviceTests {
    /// What the sound server tells of its sources.
    @Suite(.serialized, .timeLimit(.minutes(2))) struct SourceListTests {
        @Test func sourcesAreListedByDescriptionAndOpenByTheirNames() throws {
            let room = try AudioRoom(devices: [.init(name: "one"), .init(name: "two", rate: 48_000, channels: 2)])
            defer { room.stop() }
            room.useInThisProcess()
            try room.makeDefault("two")
            let sources = try #require(SoundServer.sources())
            #expect(sources.map(\.name).sorted() == ["one.monitor", "two.monitor"])
            #expect(sources.allSatisfy { $0.isMonitor })
            #expect(sources.filter(\.isDefault).map(\.name) == ["two.monitor"])

            let listed = CaptureDevice.list().filter { $0.kind == .monitor }
            #expect(listed.map(\.description).sorted() == ["one", "two"].map(AudioRoom.description))
            #expect(listed.filter(\.isServerDefault).map(\.description) == [AudioRoom.description(of: "two")])
            for device in listed {
                let source = ALSASource(device: device.name)
                let collector = SampleCollector()
                try source.start { collector.take($0) }
                #expect(eventually { collector.count > 1600 }, "\(device.name) delivers nothing")
                source.stop()
            }
        }

        /// A name with a sign that would end an argument stands in quotes, as PipeWire's names of Bluetooth headsets do.
        @Test func aNameInQuotesOpens() throws {
            let room = try AudioRoom()
            defer { room.stop() }
            room.useInThisProcess()
            #expect(CaptureDevice.name(ofSource: "room.monitor") == "pulse:room.monitor")
            #expect(CaptureDevice.name(ofSource: "bluez:0,1") == "pulse:DEVICE='bluez:0,1'")
            let source = ALSASource(device: "pulse:DEVICE='room.monitor'")
            let collector = SampleCollector()
            try source.start { collector.take($0) }
            #expect(eventually { collector.count > 1600 })
            source.stop()
        }

        @Test func withoutAServerThereAreNoSourcesAndNoWait() {
            let before = getenv("PULSE_SERVER").map { String(cString: $0) }
            setenv("PULSE_SERVER", "unix:/nowhere/native", 1)
            defer { if let before { setenv("PULSE_SERVER", before, 1) } else { unsetenv("PULSE_SERVER") } }
            let begin = Clock.now
            #expect(SoundServer.sources() == nil)
            #expect(Clock.now - begin < 1_000_000_000)
        }
    }
}
