import Foundation
import TestSupport
import Testing

/// Faults made for real, and what becomes of the session.
@Suite(.serialized, .timeLimit(.minutes(8))) struct SessionFaultTests {
    /// Speech from the conversation, 4 s of digital silence in it, as a device of hardware's habits delivers it.
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

    /// The books of the summary: captured, windowed, lost, dropped.
    private func books(_ text: String) throws -> [Int] {
        let line = try #require(
            text.split(separator: "\n").first { $0.hasPrefix("captured ") }, "no books in the summary: \(text)")
        #expect(!line.contains("UNACCOUNTED"), "\(line)")
        return line.split(separator: " ").compactMap { Int($0) }
    }

    /// Windows and losses, put together, cover the session to the millisecond of the log.
    private func expectNoHole(_ rows: [[String: String]], until end: Double) {
        var covered = 0.0
        for row in rows.sorted(by: { number($0, "start_s") < number($1, "start_s") }) {
            #expect(number(row, "start_s") <= covered + 0.0011, "a hole before \(row)")
            covered = max(covered, number(row, "end_s"))
        }
        #expect(abs(covered - end) < 0.0011)
    }

    /// A stopped process overruns its microphone: one row with its place, a stream whose time stays true, books that
    /// balance, and a saved recording that replays to the very same scores.
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
        let books = try self.books(try scratch.text("output"))
        #expect(books[0] == 240_000 && abs(Double(books[2]) / 16_000 - lost) < 0.01, "\(books)")
        expectNoHole(rows, until: 15)

        let again = try emoscope(
            "replay", "--fast", "--hop", hop, scratch.path("live.wav"), "-o", scratch.path("again.csv"))
        #expect(again.status == 0)
        let replayed = Log(try scratch.text("again.csv")).rows
        let live = rows.filter(isWindow)
        let dropped = live.filter { $0["status"] == "dropped" }.count
        print("hop \(hop): \(live.count) windows, \(dropped) dropped, \(lost.formatted()) s lost; books \(books)")
        #expect(live.count == replayed.count && live.contains { $0["status"] == "silence" })
        var columns = ["start_s", "end_s", "speech", "rms_dbfs", "p_angry", "p_happy", "p_neutral", "p_sad", "label"]
        // The smoothed scores remember every window, hence are the same as long as none was skipped.
        if dropped == 0 { columns += ["s_angry", "s_happy", "s_neutral", "s_sad", "smoothed_label"] }
        for (a, b) in zip(live, replayed) where a["status"] != "dropped" {
            for column in columns { #expect(a[column] == b[column], "\(column) at \(a["end_s"] ?? "")") }
        }
    }

    /// All stops for longer than a device may give nothing, the sound server a little longer: no device is lost.
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
        #expect(try books(try scratch.text("output"))[0] == 128_000)
        expectNoHole(rows(scratch), until: 8)
    }

    /// A named device of hardware's habits goes and comes back: the session waits for it, and its clock keeps true.
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
        try waitUntil("twelve seconds more") {
            number(rows(scratch).last, "end_s") > number(gap, "end_s") + 12
        }
        program.kill(SIGINT)
        #expect(program.waitForExit() == 0, "\(errors(scratch))")
        let errors = try scratch.text("errors")
        #expect(errors.contains("reconnecting") && errors.contains("\"mic\" is back"), "\(errors)")
        let away = number(gap, "dropped_s")
        #expect(away > 1.5 && gap["status"] == "device-lost")
        #expect(abs(number(gap, "end_s") - number(gap, "start_s") - away) < 0.002)
        let output = try scratch.text("output")
        let books = try self.books(output)
        #expect(abs(Double(books[2]) / 16_000 - away) < 0.01)
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

    /// Open is not heard: a microphone that comes back dumb is still away, and the books have all of the time, whether
    /// the session ends then or the microphone goes once more and comes back for good.
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
        // More than the silence stays behind the clock.
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

        let books = try self.books(try scratch.text("output"))
        let gaps = rows(scratch).filter { $0["note"] == "the device was away" }
        let missing = gaps.reduce(0) { $0 + number($1, "dropped_s") }
        print("away for \(away) s, \(missing) s lost; books \(books)")
        #expect(gaps.count == 1 && gaps.allSatisfy { $0["status"] == "device-lost" })
        // A busy machine takes its time between the signal and the end.
        #expect((away - 0.5...away + 2).contains(missing) && abs(Double(books[2]) / 16_000 - missing) < 0.01)
        expectNoHole(rows(scratch), until: Double(books[0]) / 16_000)
    }

    /// A sound server's device, on the dashboard, which says so and goes on.
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
        _ = try books(text)
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
            let books = try self.books(try scratch.text("output"))
            if flags.isEmpty {
                #expect(books[0] == 112_000 && books[2] > 16_000, "the time goes on without it: \(books)")
                #expect(number(rows(scratch).last, "end_s") == 7)
            }
        }
    }

    /// Whatever the sound server calls the default moves with it: the session hears the new one.
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
        _ = try books(try scratch.text("output"))
        player.kill(SIGTERM)
    }

    /// Messages name what is wrong and what works; nothing is left in the way of the next try.
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

    /// A network slower than the hop: the newest window is read, each of the others is a row, and samples that no window
    /// read are in the books.
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
        let books = try self.books(run.errors)
        #expect(books[0] == 256_000 && books[3] > 16_000, "\(books)")
    }

    /// Where ALSA shares a device, several sessions hear it at once.
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
            #expect(try books(try scratch.text("output"))[0] == 80_000)
            expectNoHole(rows(scratch), until: 5)
        }
    }
}
