import Foundation
import TestSupport
import Testing

/// The program in a real terminal.
@Suite(.serialized, .timeLimit(.minutes(5))) struct DashboardTests {
    private func replay(_ terminal: Terminal, _ options: String = "") throws {
        try terminal.type("\(try builtProduct("emoscope")) replay \(options) \(conversation); echo ended with $?")
    }

    /// Braille characters that draw at least one dot.
    private func dots(_ text: String) -> Int {
        text.unicodeScalars.count { (0x2801...0x28FF).contains($0.value) }
    }

    private func showsTheFourLabels(_ text: String) -> Bool {
        ["angry", "happy", "neutral", "sad"].allSatisfy(text.contains)
    }

    /// The upper box, which holds the plot; the waveform of the room panel is drawn in braille too.
    private func plot(_ text: String) -> String {
        text.components(separatedBy: "─ last 3 s ─").first ?? ""
    }

    @Test func drawsCurvesAndLabelsFollowsAResizeAndRestoresTheScreen() throws {
        let terminal = try Terminal(columns: 120, rows: 36)
        try terminal.type("echo before")
        try replay(terminal)
        try terminal.wait(for: "a frame with a plotted line", seconds: 60) {
            showsTheFourLabels($0) && dots(plot($0)) > 10
        }
        #expect(try terminal.isAlternate)

        try terminal.resize(columns: 60, rows: 15)
        try terminal.wait(for: "a frame at 60×15") { text in
            showsTheFourLabels(text) && dots(text) > 5 && text.split(separator: "\n").allSatisfy { $0.count <= 60 }
        }
        try terminal.resize(columns: 20, rows: 5)
        try terminal.wait(for: "the size that it needs") { $0.contains("needs") }
        try terminal.resize(columns: 120, rows: 36)
        try terminal.wait(for: "the full frame again") { showsTheFourLabels($0) && dots(plot($0)) > 10 }

        try terminal.send("q")
        let text = try terminal.wait(for: "the shell", seconds: 20) { $0.contains("ended with 0") }
        #expect(text.contains("before") && text.contains("windows:"), "the old screen and the summary")
        #expect(try !terminal.isAlternate)
        #expect(try terminal.showsCursor)
    }

    @Test func keysFreezeThePictureSetAMarkerAndShowTheHelp() throws {
        let scratch = try Scratch()
        let terminal = try Terminal(columns: 120, rows: 36)
        try replay(terminal, "-o \(scratch.path("out.csv"))")
        try terminal.wait(for: "a score", seconds: 60) { showsTheFourLabels($0) && dots(plot($0)) > 4 }
        try terminal.send("m")
        try terminal.wait(for: "the marker's message") { $0.contains("marker 1") }
        try terminal.send("Space")
        try terminal.wait(for: "the word") { $0.uppercased().contains("FROZEN") }
        let rows = Log(try scratch.text("out.csv")).rows.count
        let deadline = Date(timeIntervalSinceNow: 30)
        while Log(try scratch.text("out.csv")).rows.count < rows + 3, Date() < deadline { usleep(50_000) }
        #expect(Log(try scratch.text("out.csv")).rows.count >= rows + 3, "logging goes on while the picture is frozen")
        try terminal.send("M", "Zoë lacht")
        try terminal.wait(for: "the note") { $0.contains("Zoë lacht▏") }
        try terminal.send("Enter")
        try terminal.wait(for: "its message") { $0.contains("\"Zoë lacht") && $0.contains("set at") }
        try terminal.send("Space")
        try terminal.send("?")
        try terminal.wait(for: "the help") { $0.contains("marker") && $0.contains("quit") }
        try terminal.send("Escape")
        try terminal.send("C-c")
        try terminal.wait(for: "the shell", seconds: 20) { $0.contains("ended with 0") }
        let marker = try #require(Log(try scratch.text("out.csv")).rows.first { $0["status"] == "marker" })
        #expect(marker["note"] == "marker 1")
        let note = Log(try scratch.text("out.csv")).rows.last { $0["status"] == "marker" }?["note"]
        #expect(note?.hasPrefix("Zoë lacht") == true, "\(note ?? "")")
    }

    @Test func theRecordKeyStartsPausesAndResumesALog() throws {
        let scratch = try Scratch()
        let terminal = try Terminal(columns: 120, rows: 36)
        try terminal.type("cd \(scratch.url.path)")
        try replay(terminal)
        try terminal.wait(for: "a score", seconds: 60) { dots(plot($0)) > 4 }
        try terminal.send("R")
        try terminal.wait(for: "the new log") { $0.contains("recording to") }
        Thread.sleep(forTimeInterval: 2)
        try terminal.send("R")
        try terminal.wait(for: "the pause") { $0.contains("recording paused") }
        try terminal.send("R")
        try terminal.wait(for: "going on") { $0.contains("recording resumed") }
        try terminal.send("q")
        try terminal.wait(for: "the shell", seconds: 20) { $0.contains("ended with 0") }
        let names = try FileManager.default.contentsOfDirectory(atPath: scratch.url.path).filter {
            $0.hasSuffix(".csv")
        }
        let log = Log(try scratch.text(try #require(names.first)))
        #expect(
            log.rows.filter { $0["status"] == "marker" }.map { $0["note"] } == [
                "recording started", "recording paused", "recording resumed",
            ])
        #expect(log.windows.count >= 2)
    }

    /// What was done by hand in a session is done again at the same samples when it is repeated.
    @Test func aSessionWithKeysCanBeRepeated() throws {
        let scratch = try Scratch()
        try writeWAV(try excerpt(conversation, from: 0, to: 16), to: scratch.path("talk.wav"))
        let terminal = try Terminal(columns: 100, rows: 30)
        try terminal.type("cd \(scratch.url.path)")
        try terminal.type(
            "\(try builtProduct("emoscope")) replay --realtime --hop 0.4 talk.wav -o live.csv; echo ended with $?")
        try terminal.wait(for: "a score", seconds: 60) { dots(plot($0)) > 4 }
        for (key, pause) in [("m", 2.0), ("c", 2.0), ("R", 1.5), ("R", 1.0), ("c", 0)] {
            try terminal.send(key)
            Thread.sleep(forTimeInterval: pause)
        }
        try terminal.wait(for: "the shell", seconds: 60) { $0.contains("ended with 0") }
        let live = Log(try scratch.text("live.csv"))
        #expect(live.rows.filter { $0["status"] == "baseline" }.count == 2)
        #expect(live.rows.compactMap { $0["note"] }.contains("recording resumed"))

        let run = try emoscope(
            "replay", "--fast", "--repeat", scratch.path("live.json"), scratch.path("talk.wav"), "-o",
            scratch.path("again.csv"))
        #expect(run.status == 0, "\(run.errors)")
        let again = Log(try scratch.text("again.csv"))
        func withoutClocks(_ log: Log) -> [[String: String]] {
            log.rows.map { $0.filter { !["wall_end", "infer_ms", "latency_ms"].contains($0.key) } }
        }
        #expect(withoutClocks(live) == withoutClocks(again))
        #expect(again.rows.contains { $0["baseline"] == "session" })
    }

    @Test func aDescriptionThatIsNoneIsNotRepeated() throws {
        let scratch = try Scratch()
        try Data("{\"emoscope\": 3}".utf8).write(to: scratch.url.appendingPathComponent("bad.json"))
        for (file, words) in [("bad.json", "not the description of a session"), ("none.json", "No such file")] {
            let run = try emoscope("replay", "--fast", "--repeat", scratch.path(file), conversation)
            #expect(run.status != 0 && run.errors.contains(words) && run.errors.contains(file), "\(run.errors)")
        }
    }

    @Test func theEndOfARecordingShowsTheSummary() throws {
        let scratch = try Scratch()
        try writeWAV(try excerpt(conversation, from: 1, to: 5), to: scratch.path("short.wav"))
        let terminal = try Terminal(columns: 80, rows: 24)
        try terminal.type("\(try builtProduct("emoscope")) replay \(scratch.path("short.wav")); echo ended with $?")
        let text = try terminal.wait(for: "the summary", seconds: 60) { $0.contains("ended with 0") }
        #expect(text.contains("of sound") && text.contains("windows:"))
    }

    @Test func aMissingFileLeavesTheScreenAlone() throws {
        let terminal = try Terminal(columns: 80, rows: 24)
        try terminal.type("\(try builtProduct("emoscope")) replay /nowhere.wav; echo ended with $?")
        let text = try terminal.wait(for: "the error", seconds: 20) { $0.contains("ended with 1") }
        #expect(text.contains("/nowhere.wav"))
    }
}
