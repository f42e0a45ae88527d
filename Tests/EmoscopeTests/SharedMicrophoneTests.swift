import EmotionSoundFiles
import Foundation
import TestSupport
import Testing

/// `--speakers`: several voices on one microphone.
@Suite(.serialized, .timeLimit(.minutes(10))) struct SharedMicrophoneTests {
    /// The lines of a log without the clocks, and otherwise byte for byte.
    private func lines(_ text: String) throws -> [String] {
        let lines = text.components(separatedBy: "\r\n")
        let header = try #require(lines.first).components(separatedBy: ",")
        let clocks = try ["wall_end", "infer_ms", "latency_ms"].map { try #require(header.firstIndex(of: $0)) }
        return lines.map { line in
            var cells = line.components(separatedBy: ",")
            for column in clocks where cells.count == header.count { cells[column] = "" }
            return cells.joined(separator: ",")
        }
    }

    /// The true speakers of the bundled conversation inside a range of seconds.
    private func truth(_ seconds: ClosedRange<Double>) throws -> Set<String> {
        let list = try String(
            contentsOfFile: root.appendingPathComponent("Samples/conversation.csv").path, encoding: .utf8)
        return Set(
            try list.split(whereSeparator: \.isNewline).dropFirst().compactMap { line in
                let cells = line.split(separator: ",").map(String.init)
                let (start, end) = (try #require(Double(cells[0])), try #require(Double(cells[1])))
                return start < seconds.upperBound && end > seconds.lowerBound ? cells[2] : nil
            })
    }

    // MARK: Recordings

    @Test(arguments: ["3", "auto"])
    func theSpeakersOfTheBundledConversationAreToldApart(count: String) throws {
        let scratch = try Scratch()
        let runs = try ["a.csv", "b.csv"].map { name in
            try emoscope("replay", "--fast", "--speakers", count, conversation, "-o", scratch.path(name))
        }
        #expect(runs.allSatisfy { $0.status == 0 }, "\(runs[0].errors)")
        #expect(try lines(scratch.text("a.csv")) == lines(scratch.text("b.csv")), "two runs write the same rows")

        let log = Log(try scratch.text("a.csv"))
        var heard: [String: [String: Int]] = [:]
        for row in log.rows where row["status"] == "ok" {
            let (start, end) = (Double(row["start_s"] ?? "") ?? 0, Double(row["end_s"] ?? "") ?? 0)
            let speakers = try truth(start...end)
            guard let speaker = speakers.first, speakers.count == 1, let name = row["speaker"] else { continue }
            heard[name, default: [:]][speaker, default: 0] += 1
        }
        let windows = heard.values.flatMap(\.values).reduce(0, +)
        let best = heard.compactMapValues { $0.max { $0.value < $1.value } }
        let right = best.values.reduce(0) { $0 + $1.value }
        print("--speakers \(count): \(right) of \(windows) windows with one speaker name the right one: \(heard)")
        #expect(windows > 60 && 4 * right >= 3 * windows, "\(heard)")
        #expect(Set(best.values.map(\.key)).count == 3, "each of the three has a name: \(heard)")

        // The summary has a part for each, and their talk is all that was said.
        let names = Set(log.column("speaker")).subtracting([""])
        let summary = runs[0].output.split(separator: "\n").map(String.init)
        for name in names { #expect(summary.contains { $0.hasPrefix("\(name) talked ") }, "\(summary)") }
        let shares = summary.compactMap { line in
            line.contains(" talked ") ? line.split(separator: ", ").last?.split(separator: " ").first : nil
        }.compactMap { Int($0) }
        #expect(abs(shares.reduce(0, +) - 100) <= 2 && shares.count >= 3, "\(summary)")
    }

    @Test func rowsAsJSONNameTheSpeaker() throws {
        let scratch = try Scratch()
        try writeWAV(try excerpt(conversation, from: 0, to: 16), to: scratch.path("talk.wav"))
        let arguments = ["replay", "--fast", "--speakers", "2", scratch.path("talk.wav")]
        let run = try emoscope(arguments)
        #expect(try run.status == 0 && emoscope(arguments + ["-o", scratch.path("talk.csv")]).status == 0)
        let names = try run.lines.map { line in
            try #require(JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])["speaker"] as? String
        }
        #expect(names.map { $0 ?? "" } == Log(try scratch.text("talk.csv")).column("speaker"))
        #expect(Set(names).isSuperset(of: ["A", "B"]))
    }

    /// One speaker is the default, whose rows name nobody.
    @Test func oneSpeakerHasNoName() throws {
        let scratch = try Scratch()
        try writeWAV(try excerpt(conversation, from: 0, to: 8), to: scratch.path("talk.wav"))
        for (name, options) in [("plain", []), ("one", ["--speakers", "1"])] {
            let run = try emoscope(
                ["replay", "--fast", scratch.path("talk.wav"), "-o", scratch.path(name + ".csv")] + options)
            #expect(run.status == 0 && !run.output.contains(" talked "), "\(run.errors)")
        }
        #expect(try lines(scratch.text("plain.csv")) == lines(scratch.text("one.csv")))
        #expect(Set(Log(try scratch.text("one.csv")).column("speaker")) == [""])
    }

    // MARK: Microphones

    /// Repeats a session from `live.json` and `live.wav`; the rows are the same byte for byte.
    private func expectRepeats(_ scratch: Scratch) throws {
        let run = try emoscope(
            "replay", "--fast", "--repeat", scratch.path("live.json"), scratch.path("live.wav"), "-o",
            scratch.path("again.csv"))
        #expect(run.status == 0, "\(run.errors)")
        let (live, again) = (try lines(scratch.text("live.csv")), try lines(scratch.text("again.csv")))
        #expect(live.count == again.count)
        for (a, b) in zip(live, again) { #expect(a == b) }
    }

    /// The most elements of an array anywhere in a JSON value.
    private func longestArray(_ value: Any) -> Int {
        switch value {
        case let array as [Any]: max(array.count, array.map(longestArray).max() ?? 0)
        case let object as [String: Any]: object.values.map(longestArray).max() ?? 0
        default: 0
        }
    }

    private func description(_ scratch: Scratch) throws -> [String: Any] {
        try #require(JSONSerialization.jsonObject(with: Data(scratch.text("live.json").utf8)) as? [String: Any])
    }

    @Test func aRecordingOfTwoSpeakersIsRepeatedByteForByte() throws {
        let scratch = try Scratch()
        try writeWAV(try excerpt(conversation, from: 1, to: 15.5), to: scratch.path("played.wav"))
        let room = try AudioRoom()
        defer { room.stop() }
        let program = try launch(
            [
                "record", "live.csv", "-D", "room", "--speakers", "2", "--hop", "1", "--duration", "17", "--save-audio",
                "live.wav",
            ], scratch: scratch, environment: room.environment)
        try hear("played.wav", in: room, as: "live.wav", program, scratch)
        let names = Log(try scratch.text("live.csv")).column("speaker")
        #expect(Set(names).isSuperset(of: ["A", "B"]), "\(names)")
        #expect(try scratch.text("output").contains("B talked "))
        let described = try description(scratch)
        #expect((described["settings"] as? [String: Any])?["speakers"] as? String == "2")
        #expect(longestArray(described) < 10, "no embedding, and none in any other form:")
        #expect(try scratch.text("live.json").utf8.count < 4000)
        try expectRepeats(scratch)
    }

    /// What the user does on the dashboard is done again at the same samples.
    @Test func speakersThatWereNamedAndMergedByHandAreRepeatedByteForByte() throws {
        let scratch = try Scratch()
        try writeWAV(try excerpt(conversation, from: 1, to: 24), to: scratch.path("played.wav"))
        let room = try AudioRoom()
        defer { room.stop() }
        let own = ProcessInfo.processInfo.environment
        let terminal = try Terminal(
            columns: 120, rows: 36, environment: room.environment.filter { own[$0.key] != $0.value })
        try terminal.type("cd \(scratch.url.path)")
        try terminal.type(
            "\(try builtProduct("emoscope")) watch -D room --speakers 2 --hop 1 -o live.csv --save-audio live.wav "
                + "--duration 28; echo ended with $?")
        try waitUntil("the recording has begun") {
            (try? FileManager.default.attributesOfItem(atPath: scratch.path("live.wav"))[.size] as? Int) ?? 0 > 4096
        }
        let player = try room.play(scratch.url.appendingPathComponent("played.wav"))
        defer { player.kill(SIGTERM) }
        try terminal.wait(for: "two speakers", seconds: 60) { $0.components(separatedBy: "talk ").count == 3 }
        try terminal.send("e")
        try terminal.wait(for: "the question") { $0.contains("which speaker? 1-2") }
        try terminal.send("2")
        try terminal.wait(for: "the name's entry") { $0.contains("B: new name") }
        try terminal.type("Zoë")
        try terminal.wait(for: "the new name") { $0.contains("B is called Zoë") }
        Thread.sleep(forTimeInterval: 2)
        try terminal.send("R")
        try terminal.wait(for: "the pause") { $0.contains("recording paused") }
        Thread.sleep(forTimeInterval: 2)
        try terminal.send("R")
        try terminal.wait(for: "going on") { $0.contains("recording resumed") }
        try terminal.send("e")
        try terminal.send("1")
        try terminal.wait(for: "the other's entry") { $0.contains("A: new name") }
        try terminal.type("2")
        try terminal.wait(for: "the merger") { $0.contains("A is Zoë") }
        let text = try terminal.wait(for: "the shell", seconds: 60) { $0.contains("ended with 0") }
        #expect(text.contains("Zoë talked ") && !text.contains("A talked "), "\(text)")

        let log = Log(try scratch.text("live.csv"))
        let markers = log.rows.filter { $0["status"] == "marker" }
        #expect(
            markers.compactMap { $0["note"] } == [
                "speaker B is called Zoë", "recording paused", "recording resumed", "speaker A is Zoë",
            ])
        #expect(markers.map { $0["speaker"] } == ["Zoë", "", "", "Zoë"])
        let pause = try #require(markers.first { $0["note"] == "recording resumed" })
        let (start, end) = (try #require(Double(pause["start_s"]!)), try #require(Double(pause["end_s"]!)))
        #expect(end - start > 1.5)
        let saved = try Double(AudioFile(path: scratch.path("live.wav")).readAll().count) / 16_000
        #expect(abs(saved + (end - start) - 28) < 0.01, "the pause is not saved: \(saved) s, \(pause)")
        #expect(!log.windows.contains { Double($0["end_s"]!)! > start && Double($0["start_s"]!)! < end })
        let names = log.windows.compactMap { $0["speaker"] }.filter { !$0.isEmpty }
        #expect(names.first == "A" && names.contains("Zoë"), "\(names)")
        let merger = try #require(log.rows.firstIndex { $0["note"] == "speaker A is Zoë" })
        #expect(log.rows[merger...].allSatisfy { $0["speaker"] != "A" }, "A is Zoë for good")
        let actions = try #require(try description(scratch)["actions"] as? [[String: Any]])
        #expect(
            actions.compactMap { $0["action"] as? String } == [
                "rename-speaker", "pause-log", "resume-log", "merge-speaker",
            ])
        try expectRepeats(scratch)
    }
}
