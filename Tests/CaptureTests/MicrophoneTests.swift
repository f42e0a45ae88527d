import EmotionCore
import Foundation
import Synchronization
import TestSupport
import Testing

@testable import EmotionCapture

extension DeviceTests {
    /// Behaviour of hardware that a sound server hides: fixed formats, overruns, suspend, disappearance.
    @Suite(.serialized) struct MicrophoneTests {
        /// A device whose samples encode the time: a ramp from 0 to 1 over ten seconds.
        private func clock(_ name: String, format: String = "S32_LE", rate: Int = 16_000) -> ClockedMicrophone.Device {
            let ramp = (0..<rate * 10).map { Double($0) / Double(rate * 10) }
            return .init(
                name: name, sound: encode(ramp, as: format, channels: 1), format: format, rate: rate, channels: 1)
        }

        private func use(_ microphone: ClockedMicrophone) {
            setenv("ALSA_CONFIG_PATH", microphone.configurationPath, 1)
        }

        @Test func convertsAnyFormatTo16kHzMono() throws {
            let kinds: [(format: String, rate: Int, channels: Int, ratio: Double)] = [
                ("S16_LE", 16_000, 1, 85), ("S24_3LE", 48_000, 2, 90), ("S32_LE", 44_100, 2, 90),
                ("S24_LE", 96_000, 4, 90), ("U8", 8_000, 1, 35), ("FLOAT_LE", 22_050, 1, 90),
                ("S16_BE", 32_000, 6, 85), ("S20_3LE", 48_000, 1, 90), ("FLOAT64_LE", 192_000, 2, 90),
                ("U16_LE", 11_025, 3, 80), ("S8", 16_000, 2, 35),
            ]
            func tone(_ rate: Int) -> [Double] {
                (0..<rate * 2).map { 0.7 * sin(2 * .pi * 440 * Double($0) / Double(rate)) }
            }
            let devices = kinds.enumerated().map { index, kind in
                ClockedMicrophone.Device(
                    name: "kind\(index)", sound: encode(tone(kind.rate), as: kind.format, channels: kind.channels),
                    format: kind.format, rate: kind.rate, channels: kind.channels)
            }
            let microphone = try ClockedMicrophone(devices)
            use(microphone)
            let collectors = kinds.map { _ in SampleCollector() }
            let sources = devices.map { ALSASource(device: $0.name) }
            // A few at a time, because all at once are too much for a busy machine and a debug build.
            for start in stride(from: 0, to: kinds.count, by: 4) {
                let some = start..<min(start + 4, kinds.count)
                for index in some { try sources[index].start { collectors[index].take($0) } }
                #expect(eventually { some.allSatisfy { collectors[$0].count >= 12_000 } })
                for index in some { sources[index].stop() }
            }
            let ideal = tone(AudioFormat.sampleRate).map(Float.init)
            for (index, kind) in kinds.enumerated() {
                let format = sources[index].format
                #expect(sources[index].status.overruns == 0)
                #expect(format?.sampleFormat == kind.format && format?.channels == kind.channels)
                // Without the first 20 ms, where the tone begins abruptly and no filter can follow.
                let heard = collectors[index].samples
                let ratio = signalToNoise(Array(ideal[320..<12_000]), Array(heard[320..<12_000]))
                #expect(ratio > kind.ratio, "\(kind): \(ratio) dB")
            }
        }

        @Test func recoversFromAnOverrunAndCountsIt() throws {
            let microphone = try ClockedMicrophone([clock("mic"), clock("wide", format: "S24_3LE", rate: 48_000)])
            use(microphone)
            for name in ["mic", "wide"] {
                let collector = SampleCollector()
                let calls = Atomic<Int>(0)
                let source = ALSASource(device: name)
                let gaps = Locked<[Int]>([])
                try source.start(
                    { samples in
                        // The tenth call takes too long for the buffer of half a second.
                        if calls.wrappingAdd(1, ordering: .relaxed).newValue == 10 { usleep(1_200_000) }
                        return collector.take(samples)
                    }, lost: { _ in gaps.withLock { $0.append(collector.count) } })
                #expect(eventually { source.status.overruns == 1 && collector.count > 12_000 })
                source.stop()
                let status = source.status
                #expect(status.overruns == 1)
                #expect((19_000...30_000).contains(status.samplesLostToOverruns), "\(status)")
                // The ramp gives the samples that were really lost, which are compared with those counted.
                let position = try #require(gaps.withLock { $0.first })
                let heard = collector.samples
                let step = (heard[position + 400] - heard[position - 400]) * 160_000 - 800
                #expect(abs(Int(step) - status.samplesLostToOverruns) < 1600, "\(step) \(status)")
            }
        }

        @Test func continuesAfterSystemSleep() throws {
            let microphone = try ClockedMicrophone([clock("mic")])
            use(microphone)
            let collector = SampleCollector()
            let source = ALSASource(device: "mic")
            try source.start { collector.take($0) }
            #expect(eventually { collector.count > 1600 })
            try microphone.suspend("mic")
            #expect(eventually { source.status.overruns == 1 })
            let count = collector.count
            #expect(eventually { collector.count > count + 3200 })
            #expect(source.status.state == .running)
            source.stop()
            #expect(source.status.state == .finished)
        }

        @Test func detectsADeviceThatIsGoneOrDeliversNothing() throws {
            let microphone = try ClockedMicrophone([clock("gone"), clock("dumb")])
            use(microphone)
            let collector = SampleCollector()
            let gone = ALSASource(device: "gone")
            let dumb = ALSASource(device: "dumb", preferences: PCMPreferences(), stallSeconds: 0.5)
            try gone.start { collector.take($0) }
            try dumb.start { collector.take($0) }
            #expect(eventually { collector.count > 3200 })
            try microphone.pullOut("gone")
            try microphone.stall("dumb")
            func loss(of source: ALSASource) -> String? {
                if case .lost(let error) = source.status.state { "\(error)" } else { nil }
            }
            #expect(eventually { loss(of: gone) != nil && loss(of: dumb) != nil })
            #expect(
                loss(of: gone)
                    == "cannot go on reading \"gone\": the device is gone (No such device); plug it in again and start again"
            )
            #expect(loss(of: dumb)?.contains("it has delivered nothing for 0.5 s") == true)
            gone.stop()
            let error = #expect(throws: CaptureError.self) { try ALSASource(device: "gone").start { $0.count } }
            #expect(error?.problem == "there is no such capture device (No such device)")
        }

        /// At real-time priority, a thread that spins takes a processor from all others, among them the sound server.
        @Test func waitsForADeviceThatWakesItWithoutSound() throws {
            let microphone = try ClockedMicrophone([clock("mic")])
            use(microphone)
            let collector = SampleCollector()
            do {
                let source = ALSASource(device: "mic")
                try source.start { collector.take($0) }
                #expect(eventually { collector.count > 1600 })
                try microphone.stall("mic")
                usleep(1_000_000)
                source.stop()
            }
            let asked = try #require(try microphone.timesAsked("mic"))
            // One poll every 2 ms.
            #expect((100...2000).contains(asked))
        }

        @Test func countsWhatTheSinkRefuses() throws {
            let microphone = try ClockedMicrophone([clock("mic")])
            use(microphone)
            let offered = Atomic<Int>(0)
            let source = ALSASource(device: "mic")
            try source.start { samples in
                offered.wrappingAdd(samples.count, ordering: .relaxed)
                return samples.count / 2
            }
            #expect(eventually { source.status.samplesDelivered > 3200 })
            source.stop()
            let status = source.status
            #expect(status.samplesRefused > 3200 - 320)
            #expect(status.samplesDelivered + status.samplesRefused == offered.load(ordering: .relaxed))
            #expect(status.overruns == 0)
        }

        @Test func hasAThreadOfItsOwnFromStartToStop() throws {
            let microphone = try ClockedMicrophone([clock("mic")])
            use(microphone)
            let calls = Atomic<Int>(0)
            let source = ALSASource(device: "mic")
            #expect(source.status == SourceStatus())
            source.stop()
            try source.start { samples in
                calls.wrappingAdd(1, ordering: .relaxed)
                return samples.count
            }
            #expect(eventually { source.status.isRealTime != nil })
            #expect(threadNames().contains("emoscope-alsa"))
            let error = #expect(throws: CaptureError.self) { try source.start { $0.count } }
            #expect(error?.problem == "it was started before")
            source.stop()
            source.stop()
            let atStop = calls.load(ordering: .relaxed)
            #expect(eventually { !threadNames().contains("emoscope-alsa") })
            usleep(100_000)
            #expect(calls.load(ordering: .relaxed) == atStop)
            // Releasing a running source ends it as well.
            var dropped: ALSASource? = ALSASource(device: "mic")
            try dropped?.start { $0.count }
            dropped = nil
            #expect(eventually { !threadNames().contains("emoscope-alsa") })
        }

        @Test func throttlesADeviceThatIsFasterThanTime() throws {
            let source = ALSASource(device: "null")
            try source.start { $0.count }
            let start = Clock.now
            usleep(1_000_000)
            source.stop()
            let seconds = Double(Clock.now - start) / 1e9
            let most = (2 + 1.25 * seconds + 0.5) * Double(AudioFormat.sampleRate)
            #expect((1...Int(most)).contains(source.status.samplesDelivered))
        }

        @Test(arguments: [
            ("3", "a device is a name, since numbers move between boots"),
            ("", "a device is a name, since numbers move between boots"),
            ("no-such-name", "there is no such capture device (No such file or directory)"),
            ("hw:CARD=NoSuchCard", "there is no such capture device"),
        ])
        func refusesWithAReason(name: String, problem: String) {
            let error = #expect(throws: CaptureError.self) { try ALSASource(device: name).start { $0.count } }
            #expect(error?.problem.hasPrefix(problem) == true, "\(String(describing: error))")
            #expect(error?.subject == .device && error?.advice?.contains("emoscope devices") == true)
        }

        @Test func aFailedStartCanBeTriedAgain() throws {
            let source = ALSASource(device: "later")
            #expect(throws: CaptureError.self) { try source.start { $0.count } }
            #expect(source.status.state == .idle)
            let microphone = try ClockedMicrophone([clock("later")])
            use(microphone)
            try source.start { $0.count }
            #expect(eventually { source.status.samplesDelivered > 0 })
            source.stop()
        }
    }
}

/// Encodes samples of full scale ±1.0 as a device would deliver them. All channels are the same but for opposite
/// offsets on each pair, which a mean has to cancel.
func encode(_ samples: [Double], as format: String, channels: Int) -> Data {
    var data = Data()
    let isPaired = channels % 2 == 0
    for sample in samples {
        for channel in 0..<channels {
            let value = isPaired ? sample + (channel % 2 == 0 ? 0.2 : -0.2) : sample
            append(value, as: format, to: &data)
        }
    }
    return data
}

private func append(_ value: Double, as format: String, to data: inout Data) {
    func put<T: FixedWidthInteger>(_ value: T, _ bytes: Int) {
        withUnsafeBytes(of: value.littleEndian) { data.append(contentsOf: $0.prefix(bytes)) }
    }
    let value = max(-1, min(value, 1 - 0x1p-31))
    func whole(_ bits: Int) -> Int64 { Int64((value * Double(Int64(1) << (bits - 1))).rounded(.down)) }
    switch format {
    case "S8": put(whole(8), 1)
    case "U8": put(whole(8) + 128, 1)
    case "S16_LE": put(whole(16), 2)
    case "S16_BE": put(Int16(whole(16)).byteSwapped, 2)
    case "U16_LE": put(whole(16) + 32_768, 2)
    case "S20_3LE": put(whole(20), 3)
    case "S24_3LE": put(whole(24), 3)
    // The fourth byte is no part of the sample and may hold anything.
    case "S24_LE": put(whole(24) & 0xff_ffff | 0x5a00_0000, 4)
    case "S32_LE": put(whole(32), 4)
    case "FLOAT_LE": put(Float(value).bitPattern, 4)
    case "FLOAT64_LE": put(value.bitPattern, 8)
    default: fatalError("no encoder for \(format)")
    }
}
