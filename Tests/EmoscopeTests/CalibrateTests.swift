import EmotionCore
import Foundation
import TestSupport
import Testing

@testable import emoscope

/// `calibrate`, on a microphone and on recordings.
@Suite(.timeLimit(.minutes(5))) struct CalibrateTests {
    @Test func aMicrophoneIsHeardUntilThereIsEnoughSpeech() throws {
        let home = try ProfileHome()
        let room = try AudioRoom()
        defer { room.stop() }
        let player = try room.play(URL(fileURLWithPath: home.neutralSpeech(times: 3)))
        let run = try emoscope(
            "calibrate", "anna", "-D", "room", "--seconds", "5",
            environment: ProfileHome.environment(home.scratch, room.environment))
        player.kill(SIGTERM)
        #expect(run.status == 0 && run.errors.contains("ordinary voice"), "\(run.errors)")
        let profile = try home.profile("anna")
        #expect(profile.source == "room" && profile.seconds > 3)
        #expect(profile.heardSeconds >= 5 && profile.heardSeconds < 9)
    }

    /// Ctrl-C while the microphone is heard leaves neither a profile nor a part of one.
    @Test func ctrlCLeavesNoProfile() throws {
        let home = try ProfileHome()
        let room = try AudioRoom()
        defer { room.stop() }
        let program = try launch(
            ["calibrate", "anna", "-D", "room"], scratch: home.scratch,
            environment: ProfileHome.environment(home.scratch, room.environment))
        try waitUntil("it listens") { ((try? home.scratch.text("errors")) ?? "").contains("ordinary voice") }
        program.kill(SIGINT)
        #expect(program.waitForExit() == 1)
        #expect(try home.scratch.text("errors").contains("no profile was made"))
        #expect(try FileManager.default.contentsOfDirectory(atPath: home.folder) == [])
    }

    @Test func secondsOfARecordingAreTheFirstSecondsOfItsSpeech() throws {
        let home = try ProfileHome()
        let speech = try home.neutralSpeech(times: 4)
        for (name, options) in [("all", []), ("some", ["--seconds", "5"])] {
            let run = try home.emoscope(["calibrate", name, "--from", speech] + options)
            #expect(run.status == 0, "\(run.errors)")
        }
        let (all, some) = (try home.profile("all"), try home.profile("some"))
        #expect(some.heardSeconds >= 5 && some.heardSeconds < 9 && all.heardSeconds > 15)
    }

    @Test func aMicrophoneBesideARecordingIsRefused() throws {
        let home = try ProfileHome()
        let run = try home.emoscope("calibrate", "anna", "--from", conversation, "-D", "room")
        #expect(run.status == 2 && run.errors.contains("give one of them"), "\(run.errors)")
        #expect(try home.emoscope("calibrate", "anna", "--from", conversation, "--seconds", "2").status == 2)
        #expect(!home.exists("anna"))
    }

    @Test func soundThatIsNoOrdinarySpeechIsRefused() throws {
        let home = try ProfileHome()
        let speech = try excerpt(conversation, from: 0, to: 10)
        let tone = (0..<160_000).map { 0.3 * Float(sin(Double($0) * 0.2)) }
        for (name, samples, words) in [
            ("silence", [Float](repeating: 0, count: 160_000), "nothing is heard"), ("tone", tone, "s of speech"),
            ("clipped", speech.map { max(-1, min(1, $0 * 100)) }, "clips"),
            ("short", Array(speech[..<32_000]), "s of speech"),
        ] {
            let path = home.scratch.path("\(name).wav")
            try writeWAV(samples, to: path)
            let run = try home.emoscope("calibrate", name, "--from", path)
            #expect(run.status == 1 && run.errors.contains(words), "\(name): \(run.errors)")
            #expect(run.errors.contains(path) && run.errors.contains("choose"), "\(name): \(run.errors)")
            #expect(!run.errors.contains("microphone") && !run.errors.contains("speak"), "\(name): \(run.errors)")
            #expect(!home.exists(name))
        }
    }

    @Test func aProfileTellsTheVoiceFromOthers() throws {
        let home = try ProfileHome()
        for (name, speaker, times) in [("ben", "emodb_03", 1), ("anna", "emodb_14", 1), ("again", "emodb_14", 2)] {
            let run = try home.emoscope("calibrate", name, "--from", home.neutralSpeech(of: speaker, times: times))
            #expect(run.status == 0 && run.output.contains("identifies your voice"), "\(run.errors)")
            #expect(run.output.contains("emoscope profiles remove \(name)"), "\(run.output)")
        }
        func voice(_ name: String) throws -> SpeakerEmbedding { try #require(home.profile(name).voice) }
        let (anna, ben) = (try voice("anna"), try voice("ben"))
        #expect(try anna.cosine(to: voice("again")) > 0.95)
        #expect(anna.cosine(to: ben) < 0.75)
        let help = try home.emoscope("calibrate", "--help")
        #expect(help.output.contains("identifies your voice") && help.output.contains("emoscope profiles remove"))
    }

    /// Two speakers of EMO-DB, one after the other and in turns.
    @Test func aRecordingOfTwoVoicesIsRefused() throws {
        let home = try ProfileHome()
        let clips = try conversationClips().filter { $0.emotion == "neutral" }
        let first = clips.filter { $0.speaker == "emodb_03" }.flatMap(\.samples)
        let second = clips.filter { $0.speaker == "emodb_14" }.flatMap(\.samples)
        for (name, samples) in [("halves", first + second), ("turns", first + second + first + second)] {
            let path = home.scratch.path("\(name).wav")
            try writeWAV(samples, to: path)
            let run = try home.emoscope("calibrate", name, "--from", path)
            #expect(
                run.status == 1 && run.errors.contains("more than one voice"), "\(name): \(run.output)\(run.errors)")
            #expect(run.errors.contains(path) && run.errors.contains("choose"), "\(name): \(run.errors)")
            #expect(!home.exists(name))
        }
    }

    /// Speaker 03 of EMO-DB, which the weights never heard: angry throughout, and neutral.
    @Test func aVoiceThatSoundsEmotionalThroughoutIsRefused() throws {
        let home = try ProfileHome()
        for emotion in ["angry", "neutral"] {
            let clips = try conversationClips().filter { $0.speaker == "emodb_03" && $0.emotion == emotion }
            try #require(clips.count >= 2)
            try writeWAV(clips.flatMap(\.samples), to: home.scratch.path("\(emotion).wav"))
            let run = try home.emoscope("calibrate", emotion, "--from", home.scratch.path("\(emotion).wav"))
            if emotion == "neutral" {
                #expect(run.status == 0, "\(run.errors)")
            } else {
                #expect(run.status == 1 && run.errors.contains("sounds emotional throughout"), "\(run.errors)")
            }
            #expect(home.exists(emotion) == (emotion == "neutral"))
        }
    }
}
