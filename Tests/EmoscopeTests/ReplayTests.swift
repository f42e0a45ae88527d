import Foundation
import Testing

@Suite(.timeLimit(.minutes(5))) struct ReplayTests {
    /// A stretch of the conversation with its true emotion.
    private struct Turn {
        let start: Double
        let end: Double
        let emotion: String
    }

    private func turns() throws -> [Turn] {
        let text = try String(contentsOf: root.appendingPathComponent("Samples/conversation.csv"), encoding: .utf8)
        return text.split(whereSeparator: \.isNewline).dropFirst().map { line in
            let cells = line.split(separator: ",", omittingEmptySubsequences: false)
            return Turn(start: Double(cells[0])!, end: Double(cells[1])!, emotion: String(cells[3]))
        }
    }

    /// The emotion that fills most of a window, and the seconds that it fills.
    private func truth(_ turns: [Turn], from start: Double, to end: Double) -> (emotion: String, seconds: Double)? {
        var seconds: [String: Double] = [:]
        for turn in turns { seconds[turn.emotion, default: 0] += max(0, min(end, turn.end) - max(start, turn.start)) }
        return seconds.max { $0.value < $1.value }.map { ($0.key, $0.value) }
    }

    /// The speakers of the conversation are not in the training data of the shipped weights.
    @Test func theBundledConversationIsNamedRightInMostSpeechWindows() throws {
        let scratch = try Scratch()
        let run = try emoscope("replay", "--fast", conversation, "-o", scratch.path("out.csv"))
        #expect(run.status == 0, "\(run.errors)")
        let log = Log(try scratch.text("out.csv"))
        let turns = try turns()
        var (right, rightSmoothed, spoken) = (0, 0, 0)
        for row in log.windows where row["status"] == "ok" {
            let (start, end) = (Double(row["start_s"]!)!, Double(row["end_s"]!)!)
            guard let truth = truth(turns, from: start, to: end), truth.seconds > 0 else { continue }
            spoken += 1
            right += row["label"] == truth.emotion ? 1 : 0
            rightSmoothed += row["smoothed_label"] == truth.emotion ? 1 : 0
        }
        let share = Double(right) / Double(max(1, spoken))
        print(
            "conversation: \(right) of \(spoken) speech windows named right (\(Int(share * 100)) %), smoothed \(rightSmoothed)"
        )
        #expect(spoken >= 90)
        #expect(share > 0.5)
    }

    @Test func theLogHasTheDocumentedColumnsAndCoversTheSession() throws {
        let scratch = try Scratch()
        let run = try emoscope("replay", "--fast", "--hop", "1", conversation, "-o", scratch.path("out.csv"))
        #expect(run.status == 0)
        let log = Log(try scratch.text("out.csv"))
        #expect(
            log.header.joined(separator: ",")
                == "seq,start_s,end_s,wall_end,status,speech,rms_dbfs,p_angry,p_happy,p_neutral,p_sad,label,"
                + "s_angry,s_happy,s_neutral,s_sad,smoothed_label,"
                + "infer_ms,latency_ms,dropped_s,note,channel,speaker,baseline"
        )
        #expect(log.column("seq") == (0..<log.rows.count).map(String.init))
        let ends = log.column("end_s").compactMap(Double.init)
        #expect(Array(ends.dropLast()) == (0..<ends.count - 1).map { Double($0) + 3 })
        #expect(abs(ends.last! - 65.807) < 0.01)
        for row in log.rows where row["status"] == "ok" {
            let sum = ["p_angry", "p_happy", "p_neutral", "p_sad"].compactMap { Double(row[$0]!) }.reduce(0, +)
            #expect(abs(sum - 1) < 1e-3)
        }
        // The description beside the log holds what is needed to reproduce the session.
        let description = try JSONSerialization.jsonObject(with: Data(try scratch.text("out.json").utf8))
        let weights = try #require((description as? [String: Any])?["weights"] as? [String: Any])
        #expect((weights["sha256"] as? String)?.count == 64)
    }

    @Test func standardOutputGetsTheSameRowsAsJSONLines() throws {
        let scratch = try Scratch()
        let run = try emoscope("replay", "--fast", "--json", "--hop", "1", conversation, "-o", scratch.path("out.csv"))
        let log = Log(try scratch.text("out.csv"))
        let objects = try run.lines.map {
            try #require(try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any])
        }
        #expect(objects.count == log.rows.count)
        #expect(objects.map { $0["label"] as? String ?? "" } == log.column("label"))
        #expect(run.errors.contains("windows"), "the summary goes to standard error")
    }

    @Test func silenceNamesNoEmotion() throws {
        let scratch = try Scratch()
        try writeWAV([Float](repeating: 0, count: 80_000), to: scratch.path("quiet.wav"))
        let run = try emoscope("replay", "--fast", scratch.path("quiet.wav"), "-o", scratch.path("out.csv"))
        #expect(run.status == 0)
        let log = Log(try scratch.text("out.csv"))
        #expect(log.rows.count == 5)
        #expect(log.rows.allSatisfy { $0["status"] == "silence" && $0["label"] == "" && $0["p_angry"] == "" })
    }

    @Test func unsureIsSaidInLabelsSummaryAndDescription() throws {
        let scratch = try Scratch()
        let run = try emoscope("replay", "--fast", "--unsure", "0.8", conversation, "-o", scratch.path("out.csv"))
        #expect(run.status == 0, "\(run.errors)")
        let log = Log(try scratch.text("out.csv"))
        var unsure = 0
        for row in log.rows where row["status"] == "ok" {
            for (label, scores) in [("label", "p_"), ("smoothed_label", "s_")] {
                let top = ["angry", "happy", "neutral", "sad"].compactMap { Double(row[scores + $0]!) }.max() ?? 0
                // Logged values are rounded to four places.
                if abs(top - 0.8) > 1e-4 { #expect((row[label] == "unsure") == (top < 0.8), "\(row)") }
            }
            unsure += row["smoothed_label"] == "unsure" ? 1 : 0
        }
        #expect(unsure > 0 && unsure < log.windows.count)
        #expect(run.output.contains("(\(unsure) of them unsure)"), "\(run.output)")
        let description = try JSONSerialization.jsonObject(with: Data(try scratch.text("out.json").utf8))
        let settings = try #require((description as? [String: Any])?["settings"] as? [String: Any])
        #expect(settings["unsure_below"] as? Double == 0.8 && settings["silence"] as? String == "keep")
        #expect(settings["minimum_recent_speech"] as? Double == 0.1)
    }

    @Test func partlySilentWindowsCanBeCutToTheirSpeech() throws {
        let scratch = try Scratch()
        let logs = try ["keep", "cut"].map { treatment in
            let path = scratch.path(treatment + ".csv")
            let run = try emoscope("replay", "--fast", "--hop", "1", "--silence", treatment, conversation, "-o", path)
            #expect(run.status == 0, "\(run.errors)")
            return Log(try scratch.text(treatment + ".csv"))
        }
        for (kept, cut) in zip(logs[0].windows, logs[1].windows) where kept["status"] == "ok" {
            // Near the threshold, the log's rounded share does not show on which side the window is.
            let speech = Double(kept["speech"]!)!
            if speech > 0.801 { #expect(kept["p_angry"] == cut["p_angry"]) }
        }
        #expect(logs[0].column("status") == logs[1].column("status"))
        #expect(logs[0].column("p_angry") != logs[1].column("p_angry"))
    }

    @Test(arguments: ["keep", "cut"]) func savedAudioReplaysToTheSameScores(silence: String) throws {
        let scratch = try Scratch()
        let first = try emoscope(
            "replay", "--fast", "--hop", "1", "--silence", silence, conversation, "-o", scratch.path("a.csv"),
            "--save-audio",
            scratch.path("a.wav"))
        #expect(first.status == 0, "\(first.errors)")
        let second = try emoscope(
            "replay", "--fast", "--hop", "1", "--silence", silence, scratch.path("a.wav"), "-o", scratch.path("b.csv"))
        #expect(second.status == 0)
        let (a, b) = (Log(try scratch.text("a.csv")), Log(try scratch.text("b.csv")))
        for name in a.header where !["wall_end", "infer_ms", "latency_ms"].contains(name) {
            #expect(a.column(name) == b.column(name), "column \(name)")
        }
    }

    /// Rows are printed with `--json`, or where they would be written nowhere; the summary is on the other stream then.
    @Test func rowsArePrintedWhereThereIsNoLog() throws {
        let scratch = try Scratch()
        try writeWAV(tone(seconds: 3.5), to: scratch.path("a.wav"))
        for (number, (options, prints)) in [([], true), (["-o", "a.csv"], false), (["-o", "b.csv", "--json"], true)]
            .enumerated()
        {
            let run = try emoscope(["replay", "--fast", "a.wav"] + options, in: scratch.url)
            let rows = run.output.split(separator: "\n").filter { $0.hasPrefix("{\"seq\":") }
            #expect(run.status == 0 && rows.count == (prints ? 2 : 0), "\(number): \(run.output)")
            #expect((prints ? run.errors : run.output).contains("windows"), "\(number): the summary")
        }
        let quiet = try emoscope(["replay", "--fast", "-q", "-o", "c.csv", "a.wav"], in: scratch.url)
        #expect(quiet.status == 0 && quiet.output == "" && quiet.errors == "")
    }

    @Test func severalFilesAreAPlaylistOnOneTimeLine() throws {
        let scratch = try Scratch()
        try writeWAV(tone(seconds: 4), to: scratch.path("one.wav"))
        try writeWAV(tone(seconds: 3.5), to: scratch.path("two.wav"))
        let run = try emoscope(
            "replay", "--fast", scratch.path("one.wav"), scratch.path("missing.wav"), scratch.path("two.wav"), "-o",
            scratch.path("out.csv"))
        #expect(run.status == 1)
        #expect(run.errors.contains("missing.wav"))
        let log = Log(try scratch.text("out.csv"))
        #expect(log.column("end_s") == ["3.000", "3.500", "4.000", "4.000", "7.000", "7.500"])
        #expect(log.column("status")[3] == "marker")
    }

    @Test func aFileThatBreaksOffPlaysWhatItHasAndSaysSo() throws {
        let scratch = try Scratch()
        let whole = try Data(contentsOf: URL(fileURLWithPath: conversation))
        try whole.prefix(whole.count / 2).write(to: scratch.url.appendingPathComponent("half.flac"))
        let run = try emoscope("replay", "--fast", scratch.path("half.flac"), "-o", scratch.path("out.csv"))
        #expect(run.status == 1)
        #expect(run.errors.contains("half.flac"))
        #expect(Log(try scratch.text("out.csv")).windows.count > 30)
    }
}
