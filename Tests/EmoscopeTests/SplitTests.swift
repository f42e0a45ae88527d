import Foundation
import TestSupport
import Testing

/// `--split-channels`: two speakers, each on a channel.
@Suite(.serialized, .timeLimit(.minutes(8))) struct SplitTests {
    /// Expects that a replay gives the same rows, except for the clocks.
    private let clocks: Set = ["wall_end", "infer_ms", "latency_ms"]

    private func expectSame(_ a: Log, _ b: Log, besides: Set<String> = []) {
        #expect(a.header == b.header)
        for name in a.header where !clocks.union(besides).contains(name) {
            #expect(a.column(name) == b.column(name), "column \(name)")
        }
    }

    private func rows(_ log: Log, channel: Int) -> [[String: String]] {
        log.rows.filter { $0["channel"] == String(channel) }
    }

    // MARK: Recordings

    @Test func eachChannelOfARecordingIsReadAsIfItWereAlone() throws {
        let scratch = try Scratch()
        let voices = try twoSpeakers(seconds: 24)
        try writeWAV(channels: voices, to: scratch.path("both.wav"))
        let run = try emoscope(
            "replay", "--fast", "--split-channels", scratch.path("both.wav"), "-o", scratch.path("both.csv"),
            "--save-audio", scratch.path("saved.wav"))
        #expect(run.status == 0, "\(run.errors)")
        let both = Log(try scratch.text("both.csv"))
        #expect(
            Set(both.column("channel")) == ["1", "2"] && both.column("seq") == (0..<both.rows.count).map(String.init))
        let ends = both.column("end_s").compactMap(Double.init)
        #expect(ends == ends.sorted())

        for (index, voice) in voices.enumerated() {
            try writeWAV(voice, to: scratch.path("one.wav"))
            let alone = try emoscope(
                "replay", "--fast", "--force", scratch.path("one.wav"), "-o", scratch.path("one.csv"))
            #expect(alone.status == 0, "\(alone.errors)")
            let expected = Log(try scratch.text("one.csv"))
            let rows = rows(both, channel: index + 1)
            #expect(rows.count == expected.rows.count)
            #expect(both.header == expected.header && Set(expected.column("channel")) == [""])
            for name in expected.header where !clocks.union(["seq", "channel"]).contains(name) {
                #expect(rows.map { $0[name] } == expected.rows.map { $0[name] }, "channel \(index + 1), \(name)")
            }
            let statuses = Set(rows.map { $0["status"] })
            #expect(statuses == ["ok", "silence"], "one speaks while the other is silent")
        }
        // The summary has both channels, each with an accounting that balances.
        let counts = run.output.split(separator: "\n").filter { $0.hasPrefix("captured ") }
        #expect(counts == ["captured 384000 samples = 384000 windowed + 0 lost + 0 dropped"] + counts.prefix(1))
        #expect(run.output.contains("24.0 s of sound on 2 channels"))
        #expect(run.output.contains("channel 1, ") && run.output.contains("channel 2, "))

        // The saved file holds the same samples, and replays to the same rows.
        #expect(
            try Data(contentsOf: URL(fileURLWithPath: scratch.path("saved.wav")))
                == Data(contentsOf: URL(fileURLWithPath: scratch.path("both.wav"))))
        let again = try emoscope(
            "replay", "--fast", "--split-channels", scratch.path("saved.wav"), "-o", scratch.path("again.csv"))
        #expect(again.status == 0)
        expectSame(both, Log(try scratch.text("again.csv")))
    }

    @Test func rowsAsJSONSayTheirChannel() throws {
        let scratch = try Scratch()
        let sound = tone(seconds: 4)
        try writeWAV(channels: [sound, sound.map { -$0 }], to: scratch.path("a.wav"))
        let run = try emoscope("replay", "--fast", "--split-channels", scratch.path("a.wav"))
        let channels = try run.lines.map { line in
            let object = try #require(JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
            return object["channel"] as? Int
        }
        #expect(run.status == 0 && channels == [1, 2, 1, 2, 1, 2])
        #expect(!run.errors.contains("is it mono") && run.errors.contains("one channel is the other one inverted"))
    }

    @Test func aMonoRecordingIsAnErrorThatSaysWhatWorks() throws {
        let scratch = try Scratch()
        try writeWAV(tone(seconds: 4), to: scratch.path("mono.wav"))
        let run = try emoscope(
            "replay", "--split-channels", scratch.path("mono.wav"), "-o", scratch.path("out.csv"))
        #expect(run.status == 1)
        #expect(run.errors.contains("mono.wav") && run.errors.contains("has 1 channel"), "\(run.errors)")
        #expect(run.errors.contains("leave --split-channels out"))
        #expect(!FileManager.default.fileExists(atPath: scratch.path("out.csv")))
        // In a playlist it is skipped, as a file that does not open is.
        try writeWAV(channels: [tone(seconds: 4), tone(seconds: 4, amplitude: 0.2)], to: scratch.path("two.wav"))
        let list = try emoscope(
            "replay", "--fast", "--split-channels", scratch.path("two.wav"), scratch.path("mono.wav"), "-o",
            scratch.path("out.csv"))
        #expect(list.status == 1 && list.errors.contains("has 1 channel"))
        let log = Log(try scratch.text("out.csv"))
        #expect(log.column("channel") == ["1", "2", "1", "2", "1", "2"])
    }

    @Test func unusualChannelsAreReported() throws {
        let scratch = try Scratch()
        let voices = try twoSpeakers(seconds: 6)
        try writeWAV(channels: voices + [voices[0], voices[1]], to: scratch.path("four.wav"))
        let four = try emoscope("replay", "--fast", "--split-channels", scratch.path("four.wav"))
        #expect(four.status == 0 && four.errors.contains("four.wav\" has 4 channels; the first 2 are heard"))
        try writeWAV(channels: [voices[0], voices[0]], to: scratch.path("twice.wav"))
        let list = try emoscope(
            "replay", "--fast", "--split-channels", scratch.path("twice.wav"), scratch.path("four.wav"),
            scratch.path("twice.wav"))
        let told = list.errors.split(separator: "\n").filter { $0.contains("carry the same sound: is it mono?") }
        #expect(list.status == 0 && told.count == 2 && told.allSatisfy { $0.contains("twice.wav") }, "\(list.errors)")
    }

    @Test func aMarkerHasNoChannelAndASessionOfOneChannelContinuesTheLog() throws {
        let scratch = try Scratch()
        let voices = [tone(seconds: 3.2), tone(seconds: 3.2, amplitude: 0.2)]
        try writeWAV(channels: voices, to: scratch.path("a.wav"))
        let list = try emoscope(
            "replay", "--fast", "--split-channels", scratch.path("a.wav"), scratch.path("a.wav"), "-o",
            scratch.path("out.csv"))
        #expect(list.status == 0)
        let log = Log(try scratch.text("out.csv"))
        #expect(log.column("channel") == ["1", "2", "1", "2", "", "1", "2", "1", "2"])
        #expect(log.rows[4]["status"] == "marker")
        let mixed = try emoscope("replay", "--fast", "--append", scratch.path("a.wav"), "-o", scratch.path("out.csv"))
        #expect(mixed.status == 0, "\(mixed.errors)")
        let appended = Log(try scratch.text("out.csv")).rows.dropFirst(9)
        #expect(appended.count == 3 && appended.allSatisfy { $0["channel"] == "" && $0.keys.count == log.header.count })
    }

    // MARK: Microphones

    /// A stereo microphone of a sound server: one speaker on the left for 6 s, nobody on the right.
    @Test func channelsOfAStereoMicrophoneAreSeparateAndReplayToTheSameRows() throws {
        let scratch = try Scratch()
        let speech = Array(try excerpt(conversation, from: 19.65, to: 26))
        let quiet = [Float](repeating: 0, count: speech.count)
        try writeWAV(channels: [speech, quiet], to: scratch.path("played.wav"))
        let room = try AudioRoom(devices: [.init(name: "room", channels: 2)])
        defer { room.stop() }
        let program = try launch(
            [
                "record", "live.csv", "-D", "room", "--split-channels", "--duration", "12", "--save-audio", "live.wav",
            ], scratch: scratch, environment: room.environment)
        try hear("played.wav", in: room, as: "live.wav", program, scratch)

        let log = Log(try scratch.text("live.csv"))
        let (left, right) = (rows(log, channel: 1), rows(log, channel: 2))
        #expect(left.map { $0["end_s"] } == right.map { $0["end_s"] } && left.last?["end_s"] == "12.000")
        #expect(left.count { $0["status"] == "ok" } >= 8)
        #expect(right.allSatisfy { $0["status"] == "silence" }, "nobody speaks on the right")
        let counts = try scratch.text("output").split(separator: "\n").filter { $0.hasPrefix("captured 192000 ") }
        #expect(counts.count == 2 && counts.allSatisfy { !$0.contains("UNACCOUNTED") })

        let again = try emoscope(
            "replay", "--fast", "--split-channels", scratch.path("live.wav"), "-o", scratch.path("again.csv"))
        #expect(again.status == 0)
        expectSame(log, Log(try scratch.text("again.csv")))
    }

    /// A device that behaves like hardware, with these channels of 16-bit samples.
    private func microphone(_ channels: [[Float]]) throws -> ClockedMicrophone {
        var data = Data()
        for frame in channels[0].indices {
            for channel in channels {
                withUnsafeBytes(of: Int16(32_767 * channel[frame]).littleEndian) { data.append(contentsOf: $0) }
            }
        }
        return try ClockedMicrophone([
            .init(name: "mic", sound: data, format: "S16_LE", rate: 16_000, channels: channels.count)
        ])
    }

    @Test func aLossIsTheSameOnBothChannelsAndReplays() throws {
        let scratch = try Scratch()
        let microphone = try microphone(try twoSpeakers(seconds: 30))
        let program = try launch(
            [
                "record", "live.csv", "-D", "mic", "--split-channels", "--duration", "14", "--save-audio", "live.wav",
            ], scratch: scratch, environment: microphone.environment)
        try waitUntil("a row is there") { ((try? scratch.text("live.csv")) ?? "").contains("\r\n0,") }
        program.kill(SIGSTOP)
        usleep(1_800_000)
        program.kill(SIGCONT)
        usleep(1_500_000)
        try microphone.pullOut("mic")
        usleep(1_000_000)
        try microphone.putBack("mic")
        let status = program.waitForExit()
        let errors = try scratch.text("errors")
        #expect(status == 0, "\(errors)")

        let log = Log(try scratch.text("live.csv"))
        let losses = (1...2).map { channel in
            rows(log, channel: channel).filter { $0["rms_dbfs"] == "" }.map {
                [$0["status"], $0["start_s"], $0["end_s"], $0["dropped_s"]]
            }
        }
        #expect(losses[0] == losses[1])
        #expect(losses[0].contains { $0[0] == "overrun" } && losses[0].contains { $0[0] == "device-lost" })
        let counts = try scratch.text("output").split(separator: "\n").filter { $0.hasPrefix("captured 224000 ") }
        print("split losses: \(losses[0]); counts \(counts)")
        #expect(counts.count == 2 && counts.allSatisfy { !$0.contains("UNACCOUNTED") })

        let again = try emoscope(
            "replay", "--fast", "--split-channels", scratch.path("live.wav"), "-o", scratch.path("again.csv"))
        #expect(again.status == 0)
        let replayed = Log(try scratch.text("again.csv"))
        for channel in 1...2 {
            let live = rows(log, channel: channel).filter { $0["rms_dbfs"] != "" }
            let replay = rows(replayed, channel: channel)
            #expect(live.count == replay.count)
            for name in ["start_s", "end_s", "speech", "p_angry", "p_happy", "p_neutral", "p_sad", "label"] {
                let pairs = zip(live, replay).filter { $0.0["status"] != "dropped" }
                #expect(pairs.allSatisfy { $0[name] == $1[name] }, "channel \(channel), \(name)")
            }
        }
    }

    @Test func aMonoMicrophoneIsADeviceError() throws {
        let scratch = try Scratch()
        let microphone = try microphone([tone(seconds: 2)])
        let program = try launch(
            ["watch", "-D", "mic", "--split-channels", "-o", "out.csv"], scratch: scratch,
            environment: microphone.environment)
        #expect(program.waitForExit() == 3)
        let errors = try scratch.text("errors")
        #expect(errors.contains("\"mic\": it has 1 channel") && errors.contains("emoscope devices"), "\(errors)")
        #expect(!FileManager.default.fileExists(atPath: scratch.path("out.csv")))
    }

    /// The mean of a voice and its inversion is nothing: one channel is heard, and it is said.
    @Test func channelsThatCancelOneAnotherOutAreNoSilence() throws {
        let scratch = try Scratch()
        let voice = try excerpt(conversation, from: 1, to: 9)
        let microphone = try microphone([voice, voice.map { -$0 }])
        let program = try launch(
            ["record", "live.csv", "-D", "mic", "--duration", "6"], scratch: scratch,
            environment: microphone.environment)
        #expect(program.waitForExit() == 0)
        #expect(try scratch.text("errors").contains("\"mic\": one channel is the other one inverted"))
        let log = Log(try scratch.text("live.csv"))
        let levels = log.windows.compactMap { Double($0["rms_dbfs"] ?? "") }
        #expect(log.column("status").contains("ok") && levels.allSatisfy { $0 > -40 }, "\(levels)")
    }

    // MARK: The dashboard

    private func replay(_ scratch: Scratch, columns: Int, rows: Int) throws -> Terminal {
        try writeWAV(channels: try twoSpeakers(seconds: 40), to: scratch.path("both.wav"))
        let terminal = try Terminal(columns: columns, rows: rows)
        let program = try builtProduct("emoscope")
        try terminal.type("cd \(scratch.url.path); \(program) replay --split-channels both.wav; echo ended with $?")
        return terminal
    }

    /// Number of braille characters with at least one dot, for each line of the screen.
    private func dots(_ text: String) -> [Int] {
        text.components(separatedBy: "\n").map { line in
            line.unicodeScalars.count { (0x2801...0x28FF).contains($0.value) }
        }
    }

    @Test func bothTrajectoriesAreOnTheDashboardAndTheKeysWork() throws {
        let scratch = try Scratch()
        let terminal = try replay(scratch, columns: 80, rows: 24)
        try terminal.wait(for: "two lanes with a line each", seconds: 60) { text in
            let dots = dots(text)
            return text.contains("channel 1") && text.contains("channel 2") && dots.prefix(11).reduce(0, +) > 5
                && dots.dropFirst(12).reduce(0, +) > 5
        }
        print(try terminal.text())
        try terminal.send("3")
        try terminal.wait(for: "two big labels") { text in
            text.contains("channel 1") && text.contains("channel 2") && !text.contains("last 3 s ─")
        }
        try terminal.send("Tab")
        try terminal.send("m")
        try terminal.wait(for: "the marker's message") { $0.contains("marker 1 set") }
        try terminal.send("Space")
        try terminal.wait(for: "the word") { $0.contains("FROZEN") }
        try terminal.send("Space")
        try terminal.send("R")
        try terminal.wait(for: "the new log") { $0.contains("recording to") }
        try terminal.resize(columns: 120, rows: 36)
        try terminal.wait(for: "the machine's panel") { $0.contains("machine") && $0.contains("channel 2") }
        print(try terminal.text())
        try terminal.resize(columns: 60, rows: 15)
        try terminal.wait(for: "both at 60×15") { text in
            let lines = text.components(separatedBy: "\n")
            return lines[1].hasPrefix(" 1 ") && lines[7].hasPrefix(" 2 ") && lines.allSatisfy { $0.count <= 60 }
        }
        print(try terminal.text())
        try terminal.send("q")
        let text = try terminal.wait(for: "the shell", seconds: 20) { $0.contains("ended with 0") }
        #expect(text.contains("captured"))
        let names = try FileManager.default.contentsOfDirectory(atPath: scratch.url.path)
        let log = Log(try scratch.text(try #require(names.first { $0.hasSuffix(".csv") })))
        #expect(Set(log.column("channel")).isSuperset(of: ["1", "2"]))
    }
}
