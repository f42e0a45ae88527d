import EmotionSoundFiles
import Foundation
import Testing

/// `predict --segments` on the bundled conversation.
@Suite(.timeLimit(.minutes(5))) struct SegmentTests {
    private struct Line: Decodable, Equatable {
        let file: String
        let start_s: Double
        let end_s: Double
        let speaker: String?
        let label: String
        let baseline: String?
        let probabilities: [String: Double]?

        /// The seconds that it shares with a stretch of the recording.
        func overlap(_ start: Double, _ end: Double) -> Double { max(0, min(end, end_s) - max(start, start_s)) }
    }

    private func lines(_ run: Outcome) throws -> [Line] {
        try run.lines.map { try JSONDecoder().decode(Line.self, from: Data($0.utf8)) }
    }

    private func segments(_ arguments: String...) throws -> [Line] {
        let run = try emoscope(["predict", "--segments", "--json"] + arguments)
        #expect(run.status == 0 && run.errors == "", "\(run.errors)")
        return try lines(run)
    }

    /// The whole conversation with three speakers, which several tests look at.
    private static let ofThree = Result {
        try emoscope("predict", "--segments", "--json", "--speakers", "3", conversation)
    }

    private static let emotions: Set = ["angry", "happy", "neutral", "sad"]

    /// What each segment holds, and that the segments cover a recording.
    private func check(_ segments: [Line], seconds: Double) {
        #expect(segments.first?.start_s == 0 && segments.last?.end_s == (seconds * 1000).rounded() / 1000)
        for (segment, next) in zip(segments, segments.dropFirst()) { #expect(segment.end_s == next.start_s) }
        for segment in segments {
            #expect(segment.start_s < segment.end_s)
            guard let probabilities = segment.probabilities else {
                #expect(["silence", "overlap", "unread"].contains(segment.label) && segment.baseline == nil)
                continue
            }
            #expect(Self.emotions.union(["unsure"]).contains(segment.label) && segment.baseline != nil)
            #expect(Set(probabilities.keys) == Self.emotions)
            #expect(abs(probabilities.values.reduce(0, +) - 1) < 1e-4)
        }
    }

    private func length(of path: String) throws -> Double { Double(try AudioFile(path: path).readAll().count) / 16_000 }

    // MARK: The segments

    @Test func theSegmentsCoverTheFile() throws {
        let first = try segments(conversation)
        check(first, seconds: try length(of: conversation))
        #expect(first.allSatisfy { $0.file == conversation && $0.speaker == nil })
        #expect(first.allSatisfy { $0.baseline ?? "none" == "none" })
        #expect(Set(first.map(\.label)).isSuperset(of: Self.emotions), "\(first.map(\.label))")
    }

    @Test func oneSpeakerIsTheDefault() throws {
        let scratch = try Scratch()
        try writeWAV(try excerpt(conversation, from: 4, to: 14), to: scratch.path("a.wav"))
        #expect(try segments("--speakers", "1", scratch.path("a.wav")) == segments(scratch.path("a.wav")))
    }

    /// A stretch of the conversation in which one person speaks.
    private struct Turn {
        let speaker: String
        let start: Double
        var end: Double
    }

    private func turns() throws -> [Turn] {
        let text = try String(contentsOf: root.appendingPathComponent("Samples/conversation.csv"), encoding: .utf8)
        var turns: [Turn] = []
        for line in text.split(whereSeparator: \.isNewline).dropFirst() {
            let cells = line.split(separator: ",").map(String.init)
            let (start, end) = (Double(cells[0])!, Double(cells[1])!)
            if turns.last?.speaker == cells[2] {
                turns[turns.count - 1].end = end
            } else {
                turns.append(Turn(speaker: cells[2], start: start, end: end))
            }
        }
        return turns
    }

    /// The speaker that most of a turn is given to.
    private func speaker(of turn: Turn, in segments: [Line]) -> String? {
        var seconds: [String: Double] = [:]
        for segment in segments {
            if let name = segment.speaker { seconds[name, default: 0] += segment.overlap(turn.start, turn.end) }
        }
        return seconds.max { $0.value < $1.value }?.key
    }

    @Test(arguments: ["3", "auto"]) func speakersAreToldApartWhereTheyChange(count: String) throws {
        let segments = try count == "3" ? lines(Self.ofThree.get()) : segments("--speakers", count, conversation)
        check(segments, seconds: try length(of: conversation))
        let turns = try turns()
        let found = turns.map { speaker(of: $0, in: segments) }
        #expect(!found.contains(nil))
        for (name, next) in zip(found, found.dropFirst()) { #expect(name != next, "\(found)") }
    }

    /// In the first six turns, each of the three people has a name of his own, and most of his speech.
    @Test func aSpeakerKeepsHisName() throws {
        let segments = try lines(Self.ofThree.get())
        let turns = try turns().prefix(6)
        var names: [String: String] = [:]
        for turn in turns {
            let name = try #require(speaker(of: turn, in: segments))
            #expect(names.updateValue(name, forKey: turn.speaker) ?? name == name, "\(turn)")
        }
        #expect(names.count == 3 && Set(names.values).count == 3, "\(names)")
        let spoken = turns.reduce(0) { $0 + $1.end - $1.start }
        let right = turns.reduce(0) { sum, turn in
            let own = segments.filter { $0.speaker == names[turn.speaker] }
            return sum + own.reduce(0) { $0 + $1.overlap(turn.start, turn.end) }
        }
        print("segments: \(right / spoken) of the speech is given to the one who speaks")
        #expect(right / spoken > 0.75)
    }

    /// With `--min-segment 0`, the middle of each window has what the log of a replay says of the window.
    @Test func theSegmentsAreTheWindowsOfAReplay() throws {
        let scratch = try Scratch()
        let options = ["--speakers", "2", "--hop", "0.7", "--baseline", "auto", "--unsure", "0.7"]
        try writeWAV(try excerpt(conversation, from: 4, to: 33.3), to: scratch.path("a.wav"))
        let replay = try emoscope(
            ["replay", "--fast", "-q", "-o", scratch.path("out.csv")] + options + [scratch.path("a.wav")])
        try #require(replay.status == 0, "\(replay.errors)")
        let run = try emoscope(
            ["predict", "--segments", "--min-segment", "0", "--json"] + options + [scratch.path("a.wav")])
        let segments = try lines(run)
        check(segments, seconds: 29.3)
        let windows = Log(try scratch.text("out.csv")).rows.filter { !$0["rms_dbfs"]!.isEmpty }
        #expect(windows.count == 39)
        for row in windows {
            let middle = (Double(row["start_s"]!)! + Double(row["end_s"]!)!) / 2
            let segment = try #require(segments.first { $0.start_s <= middle && middle < $0.end_s })
            #expect(segment.label == (row["status"] == "ok" ? row["label"] : row["status"]), "at \(middle)")
            #expect(segment.speaker ?? "" == row["speaker"], "at \(middle)")
        }
        #expect(segments.contains { $0.baseline == "learning" } && segments.contains { $0.label == "unsure" })
    }

    @Test func aShortRecordingIsOneSegment() throws {
        let scratch = try Scratch()
        try writeWAV(try excerpt(conversation, from: 57.9, to: 59.2), to: scratch.path("a.wav"))
        try writeWAV(tone(seconds: 0.3), to: scratch.path("b.wav"))
        let segments = try segments(scratch.path("a.wav"), scratch.path("b.wav"))
        #expect(segments.map(\.file) == [scratch.path("a.wav"), scratch.path("b.wav")], "in the order given")
        #expect(segments.map(\.start_s) == [0, 0] && segments.map(\.end_s) == [1.3, 0.3])
        #expect(Self.emotions.union(["unsure"]).contains(segments[0].label) && segments[1].label == "silence")
    }

    /// What was heard in one recording says nothing of the next.
    @Test func aRecordingIsReadTheSameAloneAndAfterOthers() throws {
        let scratch = try Scratch()
        try writeWAV(try excerpt(conversation, from: 4, to: 19), to: scratch.path("a.wav"))
        try writeWAV(try excerpt(conversation, from: 40, to: 52.2), to: scratch.path("b.wav"))
        let options = ["predict", "--segments", "--json", "--speakers", "2", "--baseline", "auto"]
        let together = try emoscope(options + [scratch.path("a.wav"), scratch.path("b.wav"), scratch.path("a.wav")])
        let (a, b) = try (emoscope(options + [scratch.path("a.wav")]), emoscope(options + [scratch.path("b.wav")]))
        #expect(together.status == 0 && together.output == a.output + b.output + a.output)
    }

    @Test func aFileThatFailsDoesNotStopTheOthers() throws {
        let scratch = try Scratch()
        try writeWAV(try excerpt(conversation, from: 1, to: 4.4), to: scratch.path("a.wav"))
        try Data(count: 2000).write(to: URL(fileURLWithPath: scratch.path("bad.wav")))
        let run = try emoscope(
            "predict", "--segments", scratch.path("missing.wav"), scratch.path("a.wav"), scratch.path("bad.wav"))
        #expect(run.status == 1 && run.output.contains("a.wav") && !run.output.contains("missing.wav"))
        for words in ["missing.wav", "bad.wav", "2 of 3 files could not be read"] {
            #expect(run.errors.contains(words), "\(run.errors)")
        }
    }

    @Test func theTextIsATableAFile() throws {
        let scratch = try Scratch()
        try writeWAV(try excerpt(conversation, from: 0, to: 15), to: scratch.path("a.wav"))
        try writeWAV(tone(seconds: 3.26), to: scratch.path("b.wav"))
        let options = ["--segments", "--speakers", "2", "a.wav", "b.wav"]
        let run = try emoscope(["predict"] + options, in: scratch.url)
        let tables = run.output.components(separatedBy: "\n\n").map { table in
            table.split(separator: "\n").map { $0.split(separator: " ").map(String.init) }
        }
        #expect(
            tables.count == 2 && tables.allSatisfy { $0[0] == ["file", "seconds", "speaker", "label", "probability"] })
        #expect(tables.last?.last == ["b.wav", "0.0–3.3", "-", "silence", "-"], "\(run.output)")
        let lines = try lines(emoscope(["predict", "--json"] + options, in: scratch.url)).filter { $0.file == "a.wav" }
        let table = try #require(tables.first)
        #expect(table.count == lines.count + 1)
        for (cells, line) in zip(table.dropFirst(), lines) {
            #expect(cells[0] == "a.wav" && cells[2] == line.speaker ?? "-" && cells[3] == line.label)
            let ends = cells[1].split(separator: "–").compactMap { Double($0) }
            #expect(abs(ends[0] - line.start_s) < 0.051 && abs(ends[1] - line.end_s) < 0.051)
            let probability = line.probabilities.map { $0[line.label] ?? $0.values.max()! }
            #expect(Double(cells[4]) == probability.map { ($0 * 100).rounded() / 100 }, "\(cells)")
        }
        let widths = run.output.components(separatedBy: "\n\n").map { Set($0.split(separator: "\n").map(\.count)) }
        #expect(widths.allSatisfy { $0.count == 1 }, "the columns are aligned: \(run.output)")
    }

    // MARK: Voices that are known

    @Test func profilesNameTheSpeakers() throws {
        let home = try ProfileHome()
        for (name, speaker) in [("ben", "emodb_03"), ("anna", "emodb_14")] {
            try #require(try home.emoscope("calibrate", name, "--from", home.neutralSpeech(of: speaker)).status == 0)
        }
        let several = try home.emoscope(
            "predict", "--segments", "--json", "--speakers", "3", "--profile", "ben", "--profile", "anna", conversation)
        let segments = try lines(several)
        check(segments, seconds: try length(of: conversation))
        // The turns that sound as the profiles do, one of each.
        for turn in try turns() where [9.815, 35.335].contains(turn.start) {
            let name = ["emodb_03": "ben", "emodb_14": "anna"][turn.speaker]
            #expect(name == nil || speaker(of: turn, in: segments) == name, "\(turn)")
        }
        for segment in segments where segment.probabilities != nil {
            #expect(segment.baseline == (["ben", "anna"].contains(segment.speaker) ? segment.speaker : "none"))
        }
        let one = try lines(home.emoscope("predict", "--segments", "--json", "--profile", "ben", conversation))
        #expect(one.allSatisfy { $0.speaker == nil && $0.baseline ?? "ben" == "ben" })
        #expect(one.contains { $0.baseline == "ben" })
    }

    // MARK: Usage

    @Test(arguments: [
        (["--speakers", "2"], "--speakers needs --segments"), (["--hop", "1"], "--hop needs --segments"),
        (["--speakers", "1"], "--speakers needs --segments"),
        (["--min-segment", "1"], "--min-segment needs --segments"),
        (["--baseline", "auto"], "--baseline auto needs --segments"),
        (["--segments", "--baseline", "whole"], "choose auto or none"),
        (["--segments", "--hop", "0"], "--hop 0.0 does not work: choose 0.05 to 3.0 seconds"),
        (["--segments", "--min-segment", "10.1"], "--min-segment 10.1 does not work: choose 0 to 10 seconds"),
        (["--segments", "--min-segment=-1"], "choose 0 to 10 seconds"),
        (["--segments", "--min-segment", "nan"], "choose 0 to 10 seconds"),
        (["--segments", "--speakers", "9"], "--speakers"),
        (["--profile", "a", "--profile", "b"], "give --speakers 2 (or auto) with several profiles"),
        (["--segments", "--profile", "a", "--profile", "b"], "give --speakers 2 (or auto) with several profiles"),
        (["--segments", "--profile", "a", "--baseline", "auto"], "give one of them"),
        (
            ["--segments", "--speakers", "2", "--profile", "a", "--profile", "b", "--profile", "c"],
            "--speakers 2 is for 2 voices"
        ),
    ])
    func whatDoesNotGoTogetherIsWrongUsage(options: [String], words: String) throws {
        let run = try emoscope(["predict", conversation] + options)
        #expect(run.status == 2 && run.errors.contains(words), "\(run.errors)")
        #expect(run.output == "")
    }
}
