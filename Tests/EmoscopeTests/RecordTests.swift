import Foundation
import TestSupport
import Testing

/// The program with a microphone: ALSA, backed by a sound server that the test starts.
@Suite(.serialized, .timeLimit(.minutes(5))) struct RecordTests {
    /// Nothing at all for 11 s, then a faint voice.
    @Test func whatIsWrongWithTheMicrophoneIsSaidOnce() throws {
        let scratch = try Scratch()
        let speech = try excerpt(conversation, from: 19.65, to: 24.78)
        let power = speech.reduce(0) { $0 + $1 * $1 } / Float(speech.count)
        let faint = speech.map { $0 * 0.0025 / power.squareRoot() }
        try writeWAV([Float](repeating: 0, count: 176_000) + faint, to: scratch.path("played.wav"))
        let room = try AudioRoom()
        defer { room.stop() }
        let program = try launch(
            ["record", "live.csv", "-D", "room", "--duration", "18", "--save-audio", "live.wav"], scratch: scratch,
            environment: room.environment)
        try hear("played.wav", in: room, as: "live.wav", program, scratch)
        let errors = try scratch.text("errors")
        for words in ["no sound at all for 10 s", "there is sound again", "the voice is faint"] {
            #expect(errors.components(separatedBy: words).count == 2, "\(errors)")
        }
    }

    /// 4 s of speech, 5 s of silence, 4 s of speech: the rows show when the speech began and ended.
    @Test func rowTimesMatchWhatWasPlayedToWithinOneHop() throws {
        let scratch = try Scratch()
        let speech = try excerpt(conversation, from: 19.65, to: 24.78).prefix(64_000)
        let pause = [Float](repeating: 0, count: 80_000)
        try writeWAV(Array(speech) + pause + speech, to: scratch.path("played.wav"))
        let room = try AudioRoom()
        defer { room.stop() }

        let program = try launch(
            ["record", "live.csv", "-D", "room", "--duration", "16", "--save-audio", "live.wav"], scratch: scratch,
            environment: room.environment)
        try hear("played.wav", in: room, as: "live.wav", program, scratch)

        // The position of the played sound in the captured sound, found by the samples themselves.
        let heard = try excerpt(scratch.path("live.wav"), from: 0, to: 60)
        #expect(heard.count == 256_000, "--duration is exact to the sample")
        let onset = try #require(heard.firstIndex { abs($0) > 0.02 })
        let playedOnset = try #require(speech.firstIndex { abs($0) > 0.02 }) - speech.startIndex
        let begin = Double(onset - playedOnset) / 16_000
        #expect(begin < 2.5, "the player started too late for this test: \(begin) s")

        let log = Log(try scratch.text("live.csv"))
        #expect(log.windows.count == 27 && log.windows.last?["end_s"] == "16.000")
        #expect(!log.column("status").contains("overrun"))
        // The first window with enough speech ends at most a hop after the detector could know; the last one of the
        // first utterance ends when the speech in its newest second is below the threshold.
        let (speechGate, recentGate) = (3 * 0.1, 0.1)
        let spoken = log.windows.filter { $0["status"] == "ok" }.compactMap { Double($0["end_s"]!) }
        let silent = log.windows.filter { $0["status"] == "silence" }.compactMap { Double($0["end_s"]!) }
        let gap = silent.filter { $0 > begin + 4 && $0 < begin + 10 }
        let firstSilent = try #require(gap.first)
        let expectedSilent = begin + 4 + 1 - recentGate
        let firstSpoken = try #require(spoken.first { $0 > firstSilent })
        let expectedSpoken = begin + 9 + speechGate
        print(
            "record: silence \(firstSilent) s, expected \(expectedSilent); speech \(firstSpoken) s, expected \(expectedSpoken)"
        )
        #expect(abs(firstSilent - expectedSilent) <= 0.5 + 0.25)
        #expect(abs(firstSpoken - expectedSpoken) <= 0.5 + 0.25)

        // Both clocks agree: a row's wall time advances with its stream time.
        let formatter = ISO8601DateFormatter()
        formatter.formatOptions = [.withInternetDateTime, .withFractionalSeconds]
        let walls = log.windows.compactMap { formatter.date(from: $0["wall_end"]!) }
        #expect(abs(walls.last!.timeIntervalSince(walls.first!) - 13) < 0.5)

        // The live session equals its replay.
        let again = try emoscope("replay", "--fast", scratch.path("live.wav"), "-o", scratch.path("again.csv"))
        #expect(again.status == 0)
        let replayed = Log(try scratch.text("again.csv"))
        for name in log.header where !["wall_end", "infer_ms", "latency_ms"].contains(name) {
            #expect(log.column(name) == replayed.column(name), "column \(name)")
        }
    }

    @Test func aSignalEndsARecordingInOrder() throws {
        let scratch = try Scratch()
        let room = try AudioRoom()
        defer { room.stop() }
        let program = try launch(["record", "live.csv", "-D", "room"], scratch: scratch, environment: room.environment)
        try waitUntil("a row is there") { ((try? scratch.text("live.csv")) ?? "").contains("\r\n0,") }
        program.kill(SIGINT)
        #expect(program.waitForExit() == 0)
        #expect(try scratch.text("live.csv").hasSuffix("\r\n"))
        #expect(try scratch.text("output").contains("windows:"))
    }

    @Test func devicesListsWhatWorksWithMinusD() throws {
        let room = try AudioRoom()
        defer { room.stop() }
        let run = try emoscope("devices", environment: room.environment)
        #expect(run.status == 0)
        #expect(run.lines.contains { $0.hasPrefix("room") })
    }
}
