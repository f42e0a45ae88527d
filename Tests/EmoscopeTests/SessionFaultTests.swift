import Foundation
import TestSupport
import Testing

/// Sessions under faults that are caused for real.
@Suite(.serialized, .timeLimit(.minutes(8))) struct SessionFaultTests {
    /// Speech from the conversation with 4 s of digital silence in it, from a device that behaves like hardware.
    private func microphone(fast: Int = 0) throws -> ClockedMicrophone {
        let speech =
            try excerpt(conversation, from: 19.65, to: 26) + [Float](repeating: 0, count: 64_000)
            + excerpt(conversation, from: 1, to: 40)
        var data = Data()
        for sample in speech { withUnsafeBytes(of: sample.bitPattern.littleEndian) { data.append(contentsOf: $0) } }
        return try ClockedMicrophone([
            .init(name: "mic", sound: data, format: "FLOAT_LE", rate: 16_000, channels: 1, fast: fast)
        ])
    }

    private func rows(_ scratch: Scratch) -> [[String: String]] {
        Log((try? scratch.text("live.csv")) ?? "").rows
    }

    private func errors(_ scratch: Scratch) -> String { (try? scratch.text("errors")) ?? "" }

    private func number(_ row: [String: String]?, _ column: String) -> Double { Double(row?[column] ?? "") ?? -1 }

    /// Rows about windows, rather than losses and markers.
    private func isWindow(_ row: [String: String]) -> Bool { row["rms_dbfs"] != "" }

    /// The sample counts of the summary: captured, windowed, lost, dropped.
    private func counts(_ text: String) throws -> [Int] {
        let line = try #require(
            text.split(separator: "\n").first { $0.hasPrefix("captured ") }, "no counts in the summary: \(text)")
        #expect(!line.contains("UNACCOUNTED"), "\(line)")
        return line.split(separator: " ").compactMap { Int($0) }
    }

    /// Expects that windows and losses together cover the session, to the millisecond of the log.
    private func expectNoHole(_ rows: [[String: String]], until end: Double) {
        var covered = 0.0
        for row in rows.sorted(by: { number($0, "start_s") < number($1, "start_s") }) {
            #expect(number(row, "start_s") <= covered + 0.0011, "a hole before \(row)")
            covered = max(covered, number(row, "end_s"))
        }
        #expect(abs(covered - end) < 0.0011)
    }

    /// A stopped process overruns its microphone: the loss is one row at its place, stream time stays exact, the
    /// accounting balances, and the saved recording replays to the same scores.
    @Test(arguments: ["0.5", "0.3"]) func aStoppedProcessReportsItsLossAndReplaysToTheSameScores(hop: String) throws {
        let scratch = try Scratch()
        let microphone = try microphone()
        let program = try launch(
            ["record", "live.csv", "-D", "mic", "--duration", "15", "--hop", hop, "--save-audio", "live.wav"],
            scratch: scratch, environment: microphone.environment)
        try waitUntil("a row is there") { !self.rows(scratch).isEmpty }
        program.kill(SIGSTOP)
        usleep(2_000_000)
        program.kill(SIGCONT)
        #expect(program.waitForExit() == 0, "\(errors(scratch))")

        let rows = self.rows(scratch)
        let losses = rows.filter { !isWindow($0) && $0["status"] == "overrun" }
        #expect(losses.count >= 1 && losses.allSatisfy { $0["note"] == "the device's buffer ran over" })
        let lost = losses.reduce(0) { $0 + number($1, "dropped_s") }
        #expect(lost > 1.4, "\(lost) s lost of a stop of 2 s")
        for loss in losses {
            #expect(abs(number(loss, "end_s") - number(loss, "start_s") - number(loss, "dropped_s")) < 0.002)
        }
        let counts = try self.counts(try scratch.text("output"))
        #expect(counts[0] == 240_000 && abs(Double(counts[2]) / 16_000 - lost) < 0.01, "\(counts)")
        expectNoHole(rows, until: 15)

        let again = try emoscope(
            "replay", "--fast", "--hop", hop, scratch.path("live.wav"), "-o", scratch.path("again.csv"))
        #expect(again.status == 0)
        let replayed = Log(try scratch.text("again.csv")).rows
        let live = rows.filter(isWindow)
        let dropped = live.filter { $0["status"] == "dropped" }.count
        print("hop \(hop): \(live.count) windows, \(dropped) dropped, \(lost.formatted()) s lost; counts \(counts)")
        #expect(live.count == replayed.count && live.contains { $0["status"] == "silence" })
        var columns = ["start_s", "end_s", "speech", "rms_dbfs", "p_angry", "p_happy", "p_neutral", "p_sad", "label"]
        // The smoothed scores depend on every earlier window, so they are the same only if none was dropped.
        if dropped == 0 { columns += ["s_angry", "s_happy", "s_neutral", "s_sad", "smoothed_label"] }
        for (a, b) in zip(live, replayed) where a["status"] != "dropped" {
            for column in columns { #expect(a[column] == b[column], "\(column) at \(a["end_s"] ?? "")") }
        }
    }

    /// All processes stop for longer than the stall limit, the sound server a little longer: the device is not lost.
    @Test func aPausedMachineDoesNotLoseItsMicrophone() throws {
        let scratch = try Scratch()
        let room = try AudioRoom()
        let program = try launch(
            ["record", "live.csv", "-D", "room", "--duration", "8"], scratch: scratch, environment: room.environment)
        try waitUntil("a row is there") { !self.rows(scratch).isEmpty }
        room.halt()
        program.kill(SIGSTOP)
        usleep(6_000_000)
        program.kill(SIGCONT)
        usleep(700_000)
        room.goOn()
        #expect(program.waitForExit() == 0, "\(errors(scratch))")
        #expect(
            !rows(scratch).contains { $0["status"] == "device-lost" }
                && !errors(scratch).contains("reconnecting"))
        #expect(try counts(try scratch.text("output"))[0] == 128_000)
        expectNoHole(rows(scratch), until: 8)
    }

    /// A named device that behaves like hardware is unplugged and plugged in again: the session reopens it, and its
    /// time stays exact.
    @Test func anUnpluggedMicrophoneIsReopenedByName() throws {
        let scratch = try Scratch()
        let microphone = try microphone(fast: 1000)
        let program = try launch(
            ["record", "live.csv", "-D", "mic", "--save-audio", "live.wav"], scratch: scratch,
            environment: microphone.environment)
        try waitUntil("a row is there") { !rows(scratch).isEmpty }
        try microphone.pullOut("mic")
        try waitUntil("a row says so") { rows(scratch).contains { $0["status"] == "device-lost" } }
        usleep(1_500_000)
        try microphone.putBack("mic")
        try waitUntil("the gap is a row") { rows(scratch).contains { $0["note"] == "the device was away" } }
        let gap = try #require(rows(scratch).first { $0["note"] == "the device was away" })
        try waitUntil("25 seconds more") {
            number(rows(scratch).last, "end_s") > number(gap, "end_s") + 25
        }
        program.kill(SIGINT)
        #expect(program.waitForExit() == 0, "\(errors(scratch))")
        let errors = try scratch.text("errors")
        #expect(errors.contains("reconnecting") && errors.contains("\"mic\" is back"), "\(errors)")
        #expect(!errors.contains("start again"), "the session goes on: \(errors)")
        let away = number(gap, "dropped_s")
        #expect(away > 1.5 && gap["status"] == "device-lost")
        #expect(abs(number(gap, "end_s") - number(gap, "start_s") - away) < 0.002)
        let output = try scratch.text("output")
        let counts = try self.counts(output)
        #expect(abs(Double(counts[2]) / 16_000 - away) < 0.01)
        #expect(rows(scratch).contains { $0["status"] == "ok" && number($0, "start_s") > number(gap, "end_s") })
        // Both clocks of the rows agree in spite of the gap, but for a device that is 0.1 % fast.
        let walls = try rows(scratch).filter(isWindow).map { row in
            let formatter = ISO8601DateFormatter()
            formatter.formatOptions = [.withInternetDateTime, .withFractionalSeconds]
            return try #require(formatter.date(from: row["wall_end"]!)).timeIntervalSince1970 - number(row, "end_s")
        }
        #expect(walls.max()! - walls.min()! < 0.6, "\(walls)")
        let drift = try #require(output.split(separator: "\n").first { $0.hasPrefix("clock: ") })
        let ppm = try #require(drift.split(separator: " ").compactMap { Double($0) }.first)
        print("away for \(away) s; \(drift)")
        #expect(abs(ppm - 1000) < 200 && drift.hasSuffix("fast"), "\(drift)")
    }

    /// A microphone that opens but delivers nothing is still away, and the accounting includes all of the time, whether
    /// the session ends then or the microphone is unplugged once more and comes back with sound.
    @Test(arguments: [false, true]) func aReopenedMicrophoneWithoutSoundCountsAsAway(thenSpeaks: Bool) throws {
        let scratch = try Scratch()
        let microphone = try microphone()
        let program = try launch(
            ["record", "live.csv", "-D", "mic"], scratch: scratch, environment: microphone.environment)
        func isOpen() -> Bool { threadNames(of: program.identifier).contains("emoscope-alsa") }
        try waitUntil("a row is there") { !rows(scratch).isEmpty }
        try microphone.pullOut("mic")
        let gone = Date()
        try waitUntil("it is closed") { !isOpen() }
        try microphone.stall("mic")
        try microphone.putBack("mic")
        try waitUntil("it is open again") { isOpen() }
        // More than the lag of the filling behind the clock.
        usleep(1_000_000)
        if thenSpeaks {
            try microphone.pullOut("mic")
            try waitUntil("it is closed again") { !isOpen() }
            try microphone.unstall("mic")
            try microphone.putBack("mic")
            try waitUntil("it is back") { errors(scratch).contains("\"mic\" is back") }
            usleep(1_000_000)
        }
        let away = Date().timeIntervalSince(gone) - (thenSpeaks ? 1 : 0)
        program.kill(SIGINT)
        #expect(program.waitForExit() == (thenSpeaks ? 0 : 3), "\(errors(scratch))")
        let news = errors(scratch)
        #expect(news.components(separatedBy: "reconnecting").count == 2, "\(news)")
        #expect(news.components(separatedBy: "is back").count == (thenSpeaks ? 2 : 1), "\(news)")

        let counts = try self.counts(try scratch.text("output"))
        let gaps = rows(scratch).filter { $0["note"] == "the device was away" }
        let missing = gaps.reduce(0) { $0 + number($1, "dropped_s") }
        print("away for \(away) s, \(missing) s lost; counts \(counts)")
        #expect(gaps.count == 1 && gaps.allSatisfy { $0["status"] == "device-lost" })
        // A busy machine may take a while between the signal and the end.
        #expect((away - 0.5...away + 2).contains(missing) && abs(Double(counts[2]) / 16_000 - missing) < 0.01)
        expectNoHole(rows(scratch), until: Double(counts[0]) / 16_000)
    }

    /// A sound server's device is unplugged: the dashboard says so and continues.
    @Test func theDashboardSaysThatTheMicrophoneIsDisconnected() throws {
        let room = try AudioRoom()
        defer { room.stop() }
        let scratch = try Scratch()
        let terminal = try Terminal(columns: 120, rows: 36, environment: room.environment)
        try terminal.type(
            "\(try builtProduct("emoscope")) -D room -o \(scratch.path("live.csv")); echo ended with $?")
        try waitUntil("a row is there") { !rows(scratch).isEmpty }
        try room.unplug("room")
        try terminal.wait(for: "the loss", seconds: 30) {
            $0.contains("NO MICROPHONE") && $0.contains("reconnecting")
        }
        try room.plugIn("room")
        try terminal.wait(for: "the return", seconds: 60) { $0.contains("LIVE") && $0.contains("is back") }
        try terminal.send("q")
        let text = try terminal.wait(for: "the shell", seconds: 30) { $0.contains("ended with 0") }
        _ = try counts(text)
        #expect(rows(scratch).contains { $0["status"] == "device-lost" && !isWindow($0) })
    }

    @Test func anOutageUntilTheEndIsCodeThreeAndFatalErrorsEndsAtOnce() throws {
        for flags in [[], ["--fatal-errors"]] {
            let scratch = try Scratch()
            let microphone = try microphone()
            let program = try launch(
                ["record", "live.csv", "-D", "mic", "--duration", "7"] + flags, scratch: scratch,
                environment: microphone.environment)
            try waitUntil("a row is there") { !rows(scratch).isEmpty }
            try microphone.pullOut("mic")
            #expect(program.waitForExit() == 3)
            let errors = try scratch.text("errors")
            #expect(errors.contains("\"mic\"") && errors.contains("the device is gone"))
            #expect(errors.hasSuffix("plug it in again and start again\n"), "the session has ended: \(errors)")
            #expect(errors.contains("reconnecting") == flags.isEmpty, "\(errors)")
            let counts = try self.counts(try scratch.text("output"))
            if flags.isEmpty {
                #expect(counts[0] == 112_000 && counts[2] > 16_000, "stream time advances during the outage: \(counts)")
                #expect(number(rows(scratch).last, "end_s") == 7)
            }
        }
    }

    /// The sound server moves its default to another device: the session reads the new one.
    @Test func anotherDefaultDeviceIsHeard() throws {
        let room = try AudioRoom(devices: [.init(name: "one"), .init(name: "two")])
        defer { room.stop() }
        try room.makeDefault("one")
        let scratch = try Scratch()
        try writeWAV(tone(seconds: 40, amplitude: 0.5), to: scratch.path("tone.wav"))
        let player = try room.play(scratch.url.appendingPathComponent("tone.wav"), on: "two")
        let program = try launch(
            ["record", "live.csv", "-D", "follows"], scratch: scratch, environment: room.environment)
        try waitUntil("quiet rows are there") {
            rows(scratch).count > 1 && number(rows(scratch).last, "rms_dbfs") < -60
        }
        try room.makeDefault("two")
        try waitUntil("the other device is heard") { Double(rows(scratch).last?["rms_dbfs"] ?? "") ?? -99 > -20 }
        program.kill(SIGINT)
        #expect(program.waitForExit() == 0, "\(errors(scratch))")
        _ = try counts(try scratch.text("output"))
        player.kill(SIGTERM)
    }

    /// Messages name what is wrong and what works, and no file is left behind.
    @Test func aDeviceThatIsBusyOrRefusesIsNamed() throws {
        let microphone = try ClockedMicrophone([
            .init(name: "busy", sound: Data(), format: "S16_LE", rate: 16_000, channels: 1),
            .init(name: "odd", sound: Data(), format: "MU_LAW", rate: 8000, channels: 1),
        ])
        try microphone.occupy("busy")
        for (name, words) in [
            ("busy", ["another program is using it", "-D default"]),
            ("odd", ["no sample format that this program reads", "emoscope devices"]),
            ("absent", ["no such capture device", "emoscope devices"]),
        ] {
            let scratch = try Scratch()
            let run = try emoscope(
                "record", scratch.path("live.csv"), "-D", name, environment: microphone.environment)
            #expect(run.status == 3)
            for word in words + [name] { #expect(run.errors.contains(word), "\(run.errors)") }
            #expect(!FileManager.default.fileExists(atPath: scratch.path("live.csv")))
        }
    }

    /// The network is slower than the hop: the newest window is read, each of the others is a row, and samples that no
    /// window read are in the accounting.
    @Test func aSlowNetworkReadsTheNewestWindowAndReportsTheOthers() throws {
        let scratch = try Scratch()
        try writeWAV(try excerpt(conversation, from: 1, to: 17), to: scratch.path("a.wav"))
        let environment = ProcessInfo.processInfo.environment.merging(["EMOSCOPE_SLOW_MS": "4000"]) { $1 }
        let run = try emoscope(
            "replay", "--realtime", scratch.path("a.wav"), "-o", scratch.path("live.csv"), environment: environment)
        #expect(run.status == 0, "\(run.errors)")
        let rows = self.rows(scratch)
        expectNoHole(rows, until: 16)
        #expect(rows.map { number($0, "end_s") } == stride(from: 3.0, through: 16, by: 0.5).map { $0 })
        #expect(rows.count { $0["status"] == "dropped" } > 12)
        #expect(rows.last { $0["status"] != "silence" }?["status"] == "ok", "the newest window of speech wins")
        let counts = try self.counts(run.output)
        #expect(counts[0] == 256_000 && counts[3] > 16_000, "\(counts)")
    }

    /// Several sessions read a device at once, where ALSA shares it.
    @Test func twoSessionsShareADevice() throws {
        let room = try AudioRoom()
        defer { room.stop() }
        let runs = try (0..<2).map { _ in
            let scratch = try Scratch()
            return (
                scratch,
                try launch(
                    ["record", "live.csv", "-D", "room", "--duration", "5"], scratch: scratch,
                    environment: room.environment)
            )
        }
        for (scratch, run) in runs {
            #expect(run.waitForExit() == 0)
            #expect(try counts(try scratch.text("output"))[0] == 80_000)
            expectNoHole(rows(scratch), until: 5)
        }
    }
}
