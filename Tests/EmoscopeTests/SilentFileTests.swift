import EmotionSoundFiles
import Foundation
import Testing

/// Recordings in which nobody speaks, and recordings with faults, as the commands answer them.
@Suite(.timeLimit(.minutes(5))) struct SilentFileTests {
    private struct Line: Decodable {
        let file: String
        let label: String
        let speech: Double?
        let baseline: String?
        let probabilities: [String: Double]?
        let logits: [String: Double]?
        let warnings: [String]
    }

    private func lines(_ run: Outcome) throws -> [Line] {
        try run.lines.map { try JSONDecoder().decode(Line.self, from: Data($0.utf8)) }
    }

    /// `talk.wav` and `pause.wav`, of which the latter holds a second of speech; `zero.wav` and `tone.wav`, which hold none.
    private func folder() throws -> Scratch {
        let scratch = try Scratch()
        let words = try excerpt(conversation, from: 57.9, to: 59.9)
        try writeWAV(words, to: scratch.path("talk.wav"))
        let pause = (0..<144_000).map { Float($0 % 7 - 3) * 1e-4 }
        try writeWAV(pause + words + pause, to: scratch.path("pause.wav"))
        try writeWAV([Float](repeating: 0, count: 48_000), to: scratch.path("zero.wav"))
        try writeWAV(tone(seconds: 5, amplitude: 0.3), to: scratch.path("tone.wav"))
        return scratch
    }

    @Test func predictNamesNoEmotionWhereNobodySpeaks() throws {
        let scratch = try folder()
        let names = ["talk.wav", "zero.wav", "pause.wav", "tone.wav"]
        let run = try emoscope(["predict", "--json"] + names, in: scratch.url)
        #expect(run.status == 0 && run.errors == "", "\(run.errors)")
        let lines = try lines(run)
        #expect(lines.map(\.file) == names && lines.allSatisfy { $0.warnings.isEmpty })
        for line in [lines[1], lines[3]] {
            #expect(line.label == "silence" && line.probabilities == nil && line.logits == nil && line.baseline == nil)
            #expect(line.speech == 0)
        }
        #expect(lines[2].label == lines[0].label && lines[2].probabilities != nil && lines[0].label != "silence")
        // Null, not absent: as in the lines of --segments.
        #expect(run.lines[1].contains("\"probabilities\":null"))
        let text = try emoscope(["predict"] + names, in: scratch.url)
        #expect(text.lines[1] == "zero.wav: silence" && text.lines[3] == "tone.wav: silence")
        let authors = try self.lines(emoscope(["predict", "--json", "--no-vad"] + names, in: scratch.url))
        #expect(authors.allSatisfy { $0.label != "silence" && $0.probabilities?.count == 4 && $0.speech == nil })
        #expect(authors[0].logits == lines[0].logits && authors[2].logits != lines[2].logits)
        let both = try emoscope("predict", "--segments", "--no-vad", "talk.wav", in: scratch.url)
        #expect(both.status == 2 && both.errors.contains("--no-vad"))
        // The silence of a recording is no neutral speech of its voice.
        let own = try emoscope("predict", "--json", "--baseline", "whole", "zero.wav", in: scratch.url)
        #expect(own.status == 0 && own.output.contains("\"label\":\"silence\""), "\(own.errors)")
    }

    @Test func rowsOfRepresentationsStayInStepWithFiles() throws {
        let scratch = try folder()
        let names = ["zero.wav", "talk.wav", "tone.wav"]
        let run = try emoscope(["embed", "-o", "a.npy"] + names, in: scratch.url)
        #expect(run.status == 0, "\(run.errors)")
        #expect(run.errors.contains("zero.wav") && run.errors.contains("tone.wav") && !run.errors.contains("talk.wav"))
        let data = try Data(contentsOf: scratch.url.appendingPathComponent("a.npy"))
        let start = 10 + Int(data[8]) + Int(data[9]) << 8
        let values = data.dropFirst(start).withUnsafeBytes { bytes in
            (0..<bytes.count / 4).map { bytes.loadUnaligned(fromByteOffset: $0 * 4, as: Float.self) }
        }
        let width = values.count / 3
        let rows = (0..<3).map { values[$0 * width..<($0 + 1) * width] }
        #expect(rows[0].allSatisfy(\.isNaN) && rows[2].allSatisfy(\.isNaN) && rows[1].allSatisfy(\.isFinite))
        #expect(String(decoding: data[10..<start], as: UTF8.self).contains("'shape': (3, \(width))"))

        #expect(try emoscope(["embed", "-o", "a.csv"] + names, in: scratch.url).status == 0)
        let records = try scratch.text("a.csv").components(separatedBy: "\r\n").filter { !$0.isEmpty }
            .map { $0.components(separatedBy: ",") }
        #expect(
            records.count == 4 && records.allSatisfy { $0.count == width + 1 } && records[0].last == "e\(width - 1)")
        #expect(records[1].dropFirst().allSatisfy(\.isEmpty) && records[2].dropFirst().allSatisfy { Float($0) != nil })
        #expect(try emoscope(["embed", "--no-vad", "-o", "b.csv"] + names, in: scratch.url).errors == "")
    }

    @Test func evaluateCountsSilenceAndLeavesItOut() throws {
        let scratch = try folder()
        try "path,speaker,emotion,corpus\ntalk.wav,s,angry,x\nzero.wav,s,sad,x\ntone.wav,t,sad,x\n"
            .write(toFile: scratch.path("m.csv"), atomically: true, encoding: .utf8)
        struct Report: Decodable {
            struct Group: Decodable {
                let clips: Int
                let silent: Int
            }
            let all: Group
            let speakers: [String: [String: Group]]
        }
        func report(_ options: [String]) throws -> Report {
            let run = try emoscope(["evaluate", "--json", "m.csv"] + options, in: scratch.url)
            #expect(run.status == 0 && run.errors == "", "\(run.errors)")
            return try JSONDecoder().decode(Report.self, from: Data(run.output.utf8))
        }
        for window in ["middle", "whole"] {
            let heard = try report(["--window", window])
            #expect(heard.all.clips == 1 && heard.all.silent == 2 && heard.speakers["x"]?["t"]?.silent == 1)
            let authors = try report(["--window", window, "--no-vad"])
            #expect(authors.all.clips == 3 && authors.all.silent == 0)
        }
        let text = try emoscope("evaluate", "m.csv", in: scratch.url)
        #expect(text.output.contains("silent") && text.output.contains("UAR"))
        let ordinary = try emoscope("evaluate", "--ordinary", "m.csv", "--no-vad", in: scratch.url)
        #expect(ordinary.status == 2 && ordinary.errors.contains("--no-vad does not go with --ordinary"))
    }

    // MARK: Faults

    /// A file of each kind of fault that holds the same speech: its name, a word of its warning, and whether sound is missing.
    private func faults(_ scratch: Scratch) throws -> [(name: String, word: String, isLost: Bool)] {
        let words = try excerpt(conversation, from: 57.9, to: 61)
        try writeWAV(words.map { ($0 * 32_767).rounded() }, to: scratch.path("scale.wav"))
        try writeWAV(channels: [words, words.map { -$0 }], to: scratch.path("opposite.wav"))
        var holes = words
        for index in 0..<100 { holes[index * 3] = .nan }
        try writeWAV(holes, to: scratch.path("nan.wav"))
        try writeWAV(words, to: scratch.path("plain.wav"))
        let data = try Data(contentsOf: scratch.url.appendingPathComponent("plain.wav"))
        try data.dropLast(20_000).write(to: scratch.url.appendingPathComponent("cut.wav"))
        var open = data
        open.replaceSubrange(76..<80, with: Data(count: 4))
        try open.write(to: scratch.url.appendingPathComponent("open.wav"))
        return [
            ("scale.wav", "16 bits", false), ("opposite.wav", "cancel", false), ("open.wav", "never finished", false),
            ("nan.wav", "100 of its", true), ("cut.wav", "breaks off", true),
        ]
    }

    @Test func predictSaysWhatIsWrongAndWhatItDid() throws {
        let scratch = try Scratch()
        let faults = try faults(scratch)
        for options in [[], ["--segments"], ["--baseline", "whole"]] {
            let plain = try #require(
                lines(emoscope(["predict", "--json", "plain.wav"] + options, in: scratch.url)).first)
            #expect(plain.warnings.isEmpty && plain.label != "silence")
            for (name, word, isLost) in faults {
                let run = try emoscope(["predict", "--json", name] + options, in: scratch.url)
                #expect(run.status == (isLost ? 1 : 0), "\(name): \(run.errors)")
                #expect(
                    run.errors.contains("warning: \"\(name)\": ") && run.errors.contains(word), "\(name): \(run.errors)"
                )
                let lines = try lines(run)
                #expect(!lines.isEmpty && lines.allSatisfy { $0.warnings.count == 1 && $0.warnings[0].contains(word) })
                #expect(lines.allSatisfy { $0.label == plain.label }, "\(name): \(run.output)")
            }
        }
        // The rest is done, and the summary counts.
        let names = faults.map(\.name) + ["missing.wav", "plain.wav"]
        let run = try emoscope(["predict", "--json"] + names, in: scratch.url)
        #expect(run.status == 1 && run.lines.count == 6)
        #expect(
            run.errors.contains("1 of 7 files could not be read; sound of 2 of 7 files is missing"), "\(run.errors)")
        #expect(try lines(run).last?.warnings == [])
        let embedded = try emoscope(["embed", "-o", "a.npy"] + faults.map(\.name), in: scratch.url)
        #expect(
            embedded.status == 1 && embedded.errors.contains("sound of 2 of 5 files is missing"), "\(embedded.errors)")
        #expect(FileManager.default.fileExists(atPath: scratch.path("a.npy")), "the rest is done")
    }

    @Test func evaluateLeavesOutWhereSoundIsMissing() throws {
        let scratch = try Scratch()
        let faults = try faults(scratch)
        try ("path,speaker,emotion,corpus\n" + faults.map { "\($0.name),s,angry,x\n" }.joined())
            .write(toFile: scratch.path("m.csv"), atomically: true, encoding: .utf8)
        for window in ["middle", "whole"] {
            let run = try emoscope("evaluate", "--json", "--window", window, "m.csv", in: scratch.url)
            #expect(run.status == 1 && run.output.contains("\"clips\":3"), "\(run.output)")
            for (name, word, _) in faults {
                #expect(run.errors.contains(name) && run.errors.contains(word), "\(run.errors)")
            }
            #expect(run.errors.contains("2 of 5 files could not be read"))
        }
    }

    @Test func aSessionSaysItInSummaryAndDescription() throws {
        struct Description: Decodable { let warnings: [String]? }
        let scratch = try Scratch()
        let faults = try faults(scratch)
        func replay(_ names: [String]) throws -> (Outcome, [String]) {
            let run = try emoscope(["replay", "--fast", "-o", "a.csv", "--force"] + names, in: scratch.url)
            let file = try Data(contentsOf: scratch.url.appendingPathComponent("a.json"))
            return (run, try JSONDecoder().decode(Description.self, from: file).warnings ?? [])
        }
        for (name, word, isLost) in faults {
            let (run, warnings) = try replay([name])
            #expect(run.status == (isLost ? 1 : 0), "\(name): \(run.errors)")
            #expect(warnings.count == 1 && warnings[0].contains(name) && warnings[0].contains(word), "\(warnings)")
            let said = run.errors + run.output
            #expect(said.contains("warning: \"\(name)\": ") && said.contains(word), "\(said)")
            let log = Log(try scratch.text("a.csv"))
            #expect(log.column("status").contains("ok"), "\(name) is heard")
        }
        let (run, warnings) = try replay(faults.map(\.name) + ["plain.wav"])
        #expect(run.status == 1 && warnings.count == 5, "\(warnings)")
        #expect(try replay(["plain.wav"]).1 == [])
    }
}
