import Foundation
import TestSupport
import Testing

@Suite(.serialized, .timeLimit(.minutes(4))) struct DoctorTests {
    /// The findings by their subject.
    private func findings(_ run: Outcome) -> [String: String] {
        Dictionary(
            run.lines.map { line in
                let parts = line.split(separator: " ", maxSplits: 1)
                return (String(parts[0]), parts[1].trimmingCharacters(in: .whitespaces))
            }, uniquingKeysWith: { first, _ in first })
    }

    /// An empty configuration, with which ALSA finds no device.
    private func withoutDevices(_ scratch: Scratch) throws -> [String: String] {
        try Data().write(to: URL(fileURLWithPath: scratch.path("asound.conf")))
        return ProcessInfo.processInfo.environment.merging(["ALSA_CONFIG_PATH": scratch.path("asound.conf")]) { $1 }
    }

    @Test func hearsAMicrophoneAndTestsTheNetwork() throws {
        let room = try AudioRoom()
        let player = try room.play(URL(fileURLWithPath: conversation))
        let run = try emoscope("doctor", "-D", "room", environment: room.environment)
        withExtendedLifetime(player) {}
        #expect(run.status == 0, "\(run.output)\(run.errors)")
        let found = findings(run)
        #expect(found["processor"]!.contains(" kernels, "))
        #expect(found["weights"]!.hasPrefix("ok") && found["weights"]!.contains("self-test within "))
        #expect(found["voice"]!.hasPrefix("ok"))
        #expect(found["speakers"]!.hasPrefix("ok") && found["speakers"]!.contains("self-test within 0."))
        #expect(found["terminal"]!.hasPrefix("note") && found["terminal"]!.contains("no terminal"))
        let microphone = try #require(found["microphone"])
        #expect(microphone.hasPrefix("ok") && microphone.contains("room: ") && microphone.contains("heard -"))
        #expect(found["priority"] != nil)
    }

    @Test func bothShippedWeightsAreKnownToTheSelfTestInEachPrecision() throws {
        let scratch = try Scratch()
        for name in [[], ["--weights", "open"]] {
            for precision in ["fp32", "int8"] {
                let run = try launch(
                    ["doctor", "--precision", precision] + name, scratch: scratch, environment: withoutDevices(scratch))
                #expect(run.waitForExit() == 3)
                let lines = try scratch.text("output").split(separator: "\n")
                #expect(lines.count { $0.contains("self-test within ") } == 2, "the network and the speaker encoder")
            }
        }
    }

    /// A speaker encoder that is missing, of another network, or in which a bit has changed, beside a copy of the program.
    @Test func aSpeakerEncoderThatIsNotTheShippedOneFails() throws {
        let weights = root.appendingPathComponent("Weights")
        let whole = try Data(contentsOf: weights.appendingPathComponent("ge2e_speaker_encoder.safetensors"))
        var changed = whole
        changed[changed.count / 2] ^= 1
        let other = try Data(contentsOf: weights.appendingPathComponent("silero_vad_16k.safetensors"))
        for (content, words) in [(nil, "cannot find"), (other, "not in the format"), (changed, "checksum")]
            as [(Data?, String)]
        {
            let scratch = try Scratch()
            let program = scratch.path("emoscope")
            try FileManager.default.copyItem(atPath: builtProduct("emoscope"), toPath: program)
            for name in ["emoscope.safetensors", "silero_vad_16k.safetensors"] {
                try FileManager.default.createSymbolicLink(
                    atPath: scratch.path(name), withDestinationPath: weights.appendingPathComponent(name).path)
            }
            try content?.write(to: scratch.url.appendingPathComponent("ge2e_speaker_encoder.safetensors"))
            let run = try ChildProcess(
                [program, "doctor"], environment: withoutDevices(scratch),
                output: scratch.url.appendingPathComponent("output"))
            #expect(run.waitForExit() == 4)
            let text = try scratch.text("output")
            let line = text.split(separator: "\n").first { $0.hasPrefix("speakers") } ?? ""
            #expect(line.contains("FAILS") && line.contains("ge2e_speaker_encoder") && line.contains(words), "\(text)")
        }
    }

    @Test func saysWhenNothingIsHeard() throws {
        let room = try AudioRoom()
        let run = try emoscope("doctor", "-D", "room", environment: room.environment)
        #expect(run.status == 0)
        #expect(findings(run)["microphone"]!.hasPrefix("note") && run.output.contains("is it muted?"))
    }

    @Test func withoutAMicrophoneItEndsAsADeviceThatFails() throws {
        let scratch = try Scratch()
        let run = try emoscope("doctor", environment: withoutDevices(scratch))
        #expect(run.status == 3 && run.errors.contains("microphone"))
        #expect(findings(run)["microphone"]!.hasPrefix("FAILS"))
    }

    @Test func brokenWeightsFailBeforeTheRest() throws {
        let scratch = try Scratch()
        var bytes = try Data(contentsOf: root.appendingPathComponent("Weights/emoscope.safetensors"))
        bytes[bytes.count / 2] ^= 1
        try bytes.write(to: URL(fileURLWithPath: scratch.path("w.safetensors")))
        let run = try emoscope(
            "doctor", "--weights", scratch.path("w.safetensors"), environment: withoutDevices(scratch))
        #expect(run.status == 4)
        #expect(findings(run)["weights"]!.hasPrefix("FAILS") && run.output.contains("checksum"))
        // The other checks run all the same.
        #expect(findings(run)["microphone"] != nil)
    }

    /// Root without CAP_SYS_NICE is refused as a user is.
    @Test func tellsWhyThereIsNoRealTimePriority() throws {
        let room = try AudioRoom()
        let scratch = try Scratch()
        let run = try ChildProcess(
            [
                "setpriv", "--bounding-set=-sys_nice", "--inh-caps=-all", "prlimit", "--rtprio=0:0",
                try builtProduct("emoscope"), "doctor", "-D", "room",
            ],
            environment: room.environment, output: scratch.url.appendingPathComponent("output"))
        #expect(run.waitForExit() == 0)
        let text = try scratch.text("output")
        #expect(text.contains("priority    note") && text.contains("ulimit -r is 0, 10 is needed"), "\(text)")
    }
}
