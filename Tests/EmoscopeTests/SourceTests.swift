import Foundation
import TestSupport
import Testing

/// Which microphone is heard: what the list says, what the sound server changes, and what the user chooses.
@Suite(.serialized, .timeLimit(.minutes(5))) struct SourceTests {
    private func rows(_ scratch: Scratch) -> [[String: String]] { Log((try? scratch.text("live.csv")) ?? "").rows }

    private func sources(_ scratch: Scratch) -> [String] {
        rows(scratch).filter { $0["status"] == "source" }.map { $0["note"] ?? "" }
    }

    private struct Description: Decodable {
        struct Action: Decodable {
            let sample: Int
            let action: String
            let note: String?
        }
        let source: [String]
        let heard: String?
        let actions: [Action]?
    }

    private func description(_ scratch: Scratch) throws -> Description {
        try JSONDecoder().decode(Description.self, from: Data(scratch.text("live.json").utf8))
    }

    @Test func devicesNamesTheSourcesOfTheServer() throws {
        let room = try AudioRoom(devices: [.init(name: "one"), .init(name: "two")])
        defer { room.stop() }
        try room.makeDefault("two")
        let list = try emoscope("devices", environment: room.environment)
        #expect(list.status == 0 && list.errors.isEmpty, "\(list.errors)")
        let line = try #require(list.lines.first { $0.contains("Monitor of Speaker two") })
        #expect(
            line.hasPrefix("pulse:two.monitor ") && line.contains("[default]") && line.contains("played"), "\(line)")

        struct Device: Decodable {
            let name: String
            let kind: String
            let is_default: Bool
        }
        let json = try emoscope("devices", "--json", environment: room.environment).lines.map {
            try JSONDecoder().decode(Device.self, from: Data($0.utf8))
        }
        #expect(
            json.filter { $0.kind == "monitor" }.map(\.name).sorted() == ["pulse:one.monitor", "pulse:two.monitor"])
        #expect(json.filter(\.is_default).map(\.name) == ["pulse:two.monitor"])
    }

    @Test func withoutAServerTheListSaysSo() throws {
        let room = try AudioRoom()
        var environment = room.environment
        environment["PULSE_SERVER"] = "unix:/nowhere/native"
        let list = try emoscope("devices", environment: environment)
        #expect(list.status == 0 && list.lines.contains { $0.hasPrefix("room ") }, "\(list.output)")
        #expect(list.errors.contains("no sound server answers"), "\(list.errors)")
        room.stop()
    }

    /// The server moves the stream while a log is written: a row and the description name the new source by its sample, and
    /// the repetition writes the same rows.
    @Test func aStreamThatIsMovedIsNamedAndRepeated() throws {
        let room = try AudioRoom(devices: [.init(name: "one"), .init(name: "two")])
        defer { room.stop() }
        try room.makeDefault("one")
        let scratch = try Scratch()
        let program = try launch(
            ["record", "live.csv", "-D", "follows", "--save-audio", "live.wav"], scratch: scratch,
            environment: room.environment)
        try waitUntil("the description names the source") {
            (try? description(scratch))?.heard == AudioRoom.description(of: "one")
        }
        try waitUntil("a window is there") { !rows(scratch).isEmpty }
        try room.move(streamOf: program.identifier, to: "two")
        try waitUntil("the row is there") { sources(scratch) == [AudioRoom.description(of: "two")] }
        let count = rows(scratch).count
        try waitUntil("the session goes on") { rows(scratch).count > count + 4 }
        try room.unplug("two")
        try waitUntil("the second row is there") { sources(scratch).last == AudioRoom.description(of: "one") }
        let more = rows(scratch).count
        try waitUntil("the session goes on") { rows(scratch).count > more + 2 }
        program.kill(SIGINT)
        let status = program.waitForExit()
        let errors = try scratch.text("errors")
        #expect(status == 0, "\(errors)")

        let told = try description(scratch)
        #expect(told.source == ["follows"] && told.heard == AudioRoom.description(of: "one"))
        let noted = (told.actions ?? []).filter { $0.action == "source" }
        #expect(noted.compactMap(\.note) == ["two", "one"].map(AudioRoom.description))
        let starts = rows(scratch).filter { $0["status"] == "source" }.compactMap { Double($0["start_s"] ?? "") }
        #expect(zip(noted, starts).allSatisfy { abs(Double($0.sample) / 16_000 - $1) < 0.001 }, "\(noted) \(starts)")

        let repeated = try emoscope(
            [
                "replay", "--fast", "-q", "--repeat", scratch.path("live.json"), "-o", "again.csv",
                scratch.path("live.wav"),
            ],
            in: scratch.url)
        #expect(repeated.status == 0, "\(repeated.errors)")
        let columns = ["start_s", "end_s", "status", "p_angry", "s_sad", "label", "note"]
        func compared(_ log: Log) -> [[String]] {
            log.rows.filter { $0["status"] != "device-lost" }.map { row in columns.map { row[$0] ?? "" } }
        }
        #expect(compared(Log(try scratch.text("again.csv"))) == compared(Log(try scratch.text("live.csv"))))
    }

    @Test func theDashboardChoosesAnotherMicrophone() throws {
        let room = try AudioRoom(devices: [.init(name: "one"), .init(name: "two")])
        defer { room.stop() }
        let scratch = try Scratch()
        try writeWAV(tone(seconds: 60, amplitude: 0.5), to: scratch.path("tone.wav"))
        let player = try room.play(scratch.url.appendingPathComponent("tone.wav"), on: "two")
        let terminal = try Terminal(columns: 120, rows: 36, environment: room.environment)
        try terminal.type("cd \(scratch.url.path); \(try builtProduct("emoscope")) -D pulse:one.monitor -o live.csv")
        try waitUntil("a row is there") { !rows(scratch).isEmpty }
        try terminal.wait(for: "the source's name in the header") {
            $0.split(separator: "\n").first?.contains("LIVE Monitor of Speaker one") == true
        }
        try terminal.send("d")
        // The level of the tone, 0.5 of full scale, is about -9 dBFS.
        let list = try terminal.wait(for: "the levels", seconds: 20) { text in
            text.contains("microphones")
                && text.split(separator: "\n").contains {
                    $0.contains("Monitor of Speaker two") && $0.contains(/[━─]+ +-(8|9|10)/)
                }
        }
        #expect(list.contains("pulse:two.monitor"), "\(list)")
        try terminal.send("Escape")
        try terminal.wait(for: "the plot") { !$0.contains("Enter hears it") }
        #expect(sources(scratch).isEmpty)

        try terminal.send("d")
        try terminal.wait(for: "the list", seconds: 20) { $0.contains("Monitor of Speaker two") }
        // The mark is at the source that is heard; the other one stands beside it.
        let lines = try terminal.text().split(separator: "\n").map(String.init)
        let one = try #require(lines.firstIndex { $0.contains("pulse:one.monitor") })
        let two = try #require(lines.firstIndex { $0.contains("pulse:two.monitor") })
        for _ in 0..<abs(two - one) { try terminal.send(two > one ? "Down" : "Up") }
        try terminal.send("Enter")
        try waitUntil("the row is there") { sources(scratch) == [AudioRoom.description(of: "two")] }
        try terminal.wait(for: "the new name in the header", seconds: 20) {
            $0.split(separator: "\n").first?.contains("LIVE Monitor of Speaker two") == true
        }
        try waitUntil("the tone is heard") { Double(rows(scratch).last?["rms_dbfs"] ?? "") ?? -99 > -20 }
        try terminal.send("q")
        try terminal.wait(for: "the summary", seconds: 20) { $0.contains("windows:") }
        #expect(sources(scratch).count == 1)
        let noted = (try description(scratch).actions ?? []).filter { $0.action == "source" }
        #expect(noted.compactMap(\.note) == [AudioRoom.description(of: "two")])
        player.kill(SIGTERM)
    }
}
