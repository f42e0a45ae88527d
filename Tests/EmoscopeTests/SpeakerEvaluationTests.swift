import Foundation
import TestSupport
import Testing

/// `evaluate --turns` on recordings: the program's own turns.
@Suite(.timeLimit(.minutes(5))) struct SpeakerEvaluationTests {
    private struct Report: Decodable {
        struct Rate: Decodable {
            let speechS: Double
            let der: Double
            let confused: Double
        }
        struct Timing: Decodable {
            let recordings: Int
            let rightNumber: Double
            let wrongSwitchesPerMinute: Double
            let knownSoon: Double
        }
        let all: [Rate]
        let timing: Timing
    }

    /// The bundled conversation of three speakers with its true turns beside it.
    private func folder() throws -> Scratch {
        let scratch = try Scratch()
        let rows = try String(contentsOfFile: "Samples/conversation.csv", encoding: .utf8).split(separator: "\n")
            .dropFirst()
        let turns = rows.map { $0.split(separator: ",", omittingEmptySubsequences: false) }.filter { !$0[2].isEmpty }
        let lines = try turns.map { cells in
            let (start, end) = (try #require(Double(cells[0])), try #require(Double(cells[1])))
            return "SPEAKER talk 1 \(start) \(end - start) <NA> <NA> \(cells[2]) <NA> <NA>\n"
        }
        try lines.joined().write(toFile: scratch.path("talk.rttm"), atomically: true, encoding: .utf8)
        try FileManager.default.copyItem(atPath: "Samples/conversation.flac", toPath: scratch.path("talk.flac"))
        return scratch
    }

    private func report(_ scratch: Scratch, _ speakers: String) throws -> Report {
        let run = try emoscope("evaluate", "--turns", scratch.path("."), "--speakers", speakers, "--json", "--quiet")
        #expect(run.status == 0 && run.errors.isEmpty, "\(run.errors)")
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        return try decoder.decode(Report.self, from: Data(run.output.utf8))
    }

    /// Three actors with strong emotions: hard for the voices, yet most of the time is right. One voice for all would be
    /// confused more than half of the time.
    @Test func theVoicesOfARecordingAreToldApart() throws {
        let scratch = try folder()
        let three = try report(scratch, "3")
        #expect(three.timing.recordings == 1 && three.timing.rightNumber == 1)
        #expect(three.all[0].der < 0.3 && three.all[0].speechS > 40)
        let one = try report(scratch, "1")
        #expect(one.all[0].confused > 0.4 && one.timing.rightNumber == 0 && one.timing.wrongSwitchesPerMinute == 0)
        let text = try emoscope("evaluate", "--turns", scratch.path("."), "--speakers", "3").output
        #expect(text.contains("the right number of voices in 1 of 1 recordings"))
        #expect(text.contains("speakers known within 1.5 s of their first words"))
    }

    @Test func aRecordingThatIsNotThereOrNoSoundIsNamed() throws {
        let scratch = try folder()
        try "SPEAKER gone 1 0 1 <NA> <NA> x <NA> <NA>\n".write(
            toFile: scratch.path("gone.rttm"), atomically: true, encoding: .utf8)
        try "SPEAKER noise 1 0 1 <NA> <NA> x <NA> <NA>\n".write(
            toFile: scratch.path("noise.rttm"), atomically: true, encoding: .utf8)
        try "no sound".write(toFile: scratch.path("noise.wav"), atomically: true, encoding: .utf8)
        let run = try emoscope("evaluate", "--turns", scratch.path("."), "--json", "--quiet")
        #expect(run.status != 0 && run.errors.contains("holds no recording gone: it is left out"))
        #expect(run.errors.contains("noise.wav") && run.errors.contains("1 of 2 files could not be read"))
        #expect(run.output.contains("\"recordings\":1"))
    }

    @Test func theNumberOfSpeakersGoesWithTurnsAlone() throws {
        let alone = try emoscope("evaluate", "clips.csv", "--speakers", "2")
        #expect(alone.status == 2 && alone.errors.contains("--speakers needs --turns"))
        let found = try emoscope("evaluate", "--turns", "a", "--hypothesis", "b", "--speakers", "2")
        #expect(found.status == 2 && found.errors.contains("leave --speakers out"))
    }
}
