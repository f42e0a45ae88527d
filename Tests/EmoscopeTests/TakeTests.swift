import Foundation
import TestSupport
import Testing

/// `predict --microphone`: one take of a microphone, read as a recording is.
@Suite(.serialized, .timeLimit(.minutes(4))) struct TakeTests {
    /// A sound server whose device `voice` delivers the first 10 s of the conversation each time, and whose device `room` is
    /// silent.
    private final class Studio: Sendable {
        let home: ProfileHome
        let room: AudioRoom
        /// The first 4 s of what `voice` delivers.
        let clip: String

        init() throws {
            home = try ProfileHome()
            clip = home.scratch.path("clip.wav")
            let samples = try excerpt(conversation, from: 1, to: 11)
            try writeWAV(Array(samples[..<64_000]), to: clip)
            let raw = home.scratch.url.appendingPathComponent("voice.raw")
            try samples.withUnsafeBytes { Data($0) }.write(to: raw)
            room = try AudioRoom(files: ["voice": raw])
        }

        var environment: [String: String] { ProfileHome.environment(home.scratch, room.environment) }
    }

    private static let studio = Result { try Studio() }

    private func answer(_ text: String) throws -> [String: Any] {
        try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    }

    @Test(arguments: [[], ["--no-vad"], ["--profile", "anna"]]) func aTakeIsReadAsARecordingIs(
        options: [String]
    ) throws {
        let studio = try Self.studio.get()
        if options.contains("--profile"), !studio.home.exists("anna") {
            #expect(try studio.home.emoscope("calibrate", "anna", "--from", studio.home.neutralSpeech()).status == 0)
        }
        let run = try emoscope(
            ["predict", "--json", "--microphone", "-D", "voice", "--seconds", "4"] + options,
            environment: studio.environment)
        #expect(run.status == 0 && run.lines.count == 1, "\(run.errors)")
        #expect(run.errors.contains("speak now: \"voice\" is heard for 4.0 s"), "\(run.errors)")
        var take = try answer(run.output)
        #expect(take.removeValue(forKey: "microphone") as? String == "voice")
        var recording = try answer(
            emoscope(["predict", "--json", studio.clip] + options, environment: studio.environment).output)
        #expect(recording.removeValue(forKey: "file") as? String == studio.clip)
        #expect(take["seconds"] as? Double == 4)
        #expect(NSDictionary(dictionary: take) == NSDictionary(dictionary: recording))
    }

    @Test func silenceIsNoEmotionAndAMutedMicrophoneIsNamed() throws {
        let studio = try Self.studio.get()
        let files = try FileManager.default.contentsOfDirectory(atPath: studio.home.scratch.url.path)
        let run = try emoscope(
            "predict", "--microphone", "-D", "room", "--seconds", "1", environment: studio.environment)
        #expect(run.status == 0 && run.output == "microphone: silence\n", "\(run.errors)")
        #expect(run.errors.contains("no sound at all: is the microphone muted?"), "\(run.errors)")
        #expect(try FileManager.default.contentsOfDirectory(atPath: studio.home.scratch.url.path) == files)
    }

    @Test func ctrlCEndsTheTakeAndWhatWasHeardIsRead() throws {
        let studio = try Self.studio.get()
        let scratch = try Scratch()
        let program = try launch(
            ["predict", "--json", "--microphone", "-D", "room", "--seconds", "600"], scratch: scratch,
            environment: studio.environment)
        try waitUntil("it listens") { ((try? scratch.text("errors")) ?? "").contains("speak now") }
        usleep(1_500_000)
        program.kill(SIGINT)
        #expect(program.waitForExit() == 0)
        let seconds = try #require(try answer(scratch.text("output"))["seconds"] as? Double)
        #expect(seconds > 0.5 && seconds < 30)
    }

    @Test(arguments: [
        (["--microphone", conversation], "give one of them"),
        (["--microphone", "--segments"], "--segments is for recordings"),
        (["--microphone", "--windows"], "--windows is for recordings"),
        (["--microphone", "--baseline", "whole"], "--baseline whole"),
        (["--microphone", "--seconds", "0"], "1 to 600"),
        (["--seconds", "3", conversation], "needs --microphone"), (["-D", "room", conversation], "needs --microphone"),
        (["--microphone", "--second", "3"], "'--second'"), ([], "--microphone"),
    ])
    func whatDoesNotFitIsRefused(options: [String], named: String) throws {
        let run = try emoscope(["predict"] + options)
        #expect(run.status == 2 && run.output == "" && run.errors.contains(named), "\(run.errors)")
    }

    @Test func aMicrophoneThatIsNoneIsCodeThree() throws {
        let run = try emoscope("predict", "--microphone", "-D", "no-such-device")
        #expect(run.status == 3 && run.output == "" && run.errors.contains("no-such-device"), "\(run.errors)")
    }
}
