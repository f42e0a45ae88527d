import Foundation
import Testing

/// `evaluate --turns`: RTTM files of the truth and of what was found.
@Suite(.timeLimit(.minutes(2))) struct TurnEvaluationTests {
    private struct Report: Decodable {
        struct Rate: Decodable {
            let collar: Double
            let overlap: Bool
            let speechS: Double
            let der: Double?
            let missed: Double?
            let falseAlarm: Double?
            let confused: Double?
        }
        let all: [Rate]
        let recordings: [String: [Rate]]
    }

    private func folders(truth: [String: String], found: [String: String]) throws -> Scratch {
        let scratch = try Scratch()
        for (folder, files) in ["truth": truth, "found": found] {
            try FileManager.default.createDirectory(
                atPath: scratch.path(folder), withIntermediateDirectories: true)
            for (name, text) in files {
                try text.write(toFile: scratch.path("\(folder)/\(name)"), atomically: true, encoding: .utf8)
            }
        }
        return scratch
    }

    private func evaluate(_ scratch: Scratch, _ arguments: String...) throws -> Outcome {
        try emoscope(
            ["evaluate", "--turns", scratch.path("truth"), "--hypothesis", scratch.path("found")] + arguments)
    }

    private let truth = "SPEAKER a 1 0 10 <NA> <NA> anna <NA> <NA>\nSPEAKER a 1 10 10 <NA> <NA> ben <NA> <NA>\n"
    private let found = "SPEAKER a 1 1 11 <NA> <NA> x <NA> <NA>\nSPEAKER a 1 12 9 <NA> <NA> y <NA> <NA>\n"

    @Test func ratesAreGivenForEachCollarAndOverlap() throws {
        let other = "SPEAKER b 1 0 20 <NA> <NA> carl <NA> <NA>\n"
        let scratch = try folders(truth: ["a.rttm": truth, "b.rttm": other], found: ["all.rttm": found + other])
        let run = try evaluate(scratch, "--json")
        #expect(run.status == 0 && run.errors.isEmpty, "\(run.errors)")
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        let report = try decoder.decode(Report.self, from: Data(run.output.utf8))
        #expect(
            report.all.map(\.collar) == [0.25, 0.25, 0, 0] && report.all.map(\.overlap) == [false, true, false, true])
        let own = try #require(report.recordings["a"]?.last)
        #expect(own.speechS == 20 && own.der == 0.2)
        #expect(own.missed == 0.05 && own.falseAlarm == 0.05 && own.confused == 0.1)
        #expect(report.all[3].speechS == 40 && report.all[3].der == 0.1)
        #expect(report.recordings["b"]?.allSatisfy { $0.der == 0 } == true)
        let text = try evaluate(scratch).output
        #expect(text.contains("collar 0.25 s, overlapped speech left out") && text.contains("confused"))
    }

    @Test func recordingsOfOneFolderAreNoted() throws {
        let extra = "SPEAKER c 1 0 1 <NA> <NA> x <NA> <NA>\n"
        let run = try evaluate(try folders(truth: ["a.rttm": truth], found: ["c.rttm": extra]), "--json")
        #expect(run.status == 0)
        #expect(run.errors.contains("names no turn of a: all its speech is missed"))
        #expect(run.errors.contains("names no turn of c: it is left out"))
        #expect(run.output.contains("\"missed\":1"))
    }

    @Test func whatCannotBeMeasuredIsNamed() throws {
        let twice = try evaluate(try folders(truth: ["a.rttm": truth, "b.rttm": truth], found: ["a.rttm": found]))
        #expect(twice.status == 1 && twice.errors.contains("names the recording \"a\", as another file does"))
        let empty = try evaluate(try folders(truth: ["a.rttm": truth], found: [:]))
        #expect(empty.status == 1 && empty.errors.contains("holds no .rttm file"))
        #expect(try emoscope("evaluate", "--turns", "b").errors.contains("does not exist"))
        #expect(try emoscope("evaluate", "--hypothesis", ".").errors.contains("--hypothesis needs --turns"))
        let both = try emoscope("evaluate", "clips.csv", "--turns", "a", "--hypothesis", "b")
        #expect(both.status == 2 && both.errors.contains("Both labelled clips (clips.csv) and --turns a are given"))
        let window = try emoscope("evaluate", "--turns", "a", "--hypothesis", "b", "--window", "whole")
        #expect(window.status == 2 && window.errors.contains("--window does not go with --turns"))
    }
}
