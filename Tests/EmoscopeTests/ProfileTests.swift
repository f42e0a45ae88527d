import Foundation
import TestSupport
import Testing

/// Voice profiles, through the program.
@Suite(.timeLimit(.minutes(5))) struct ProfileTests {
    /// A data folder of its own.
    private struct Home {
        let scratch: Scratch
        let environment: [String: String]

        init() throws {
            scratch = try Scratch()
            environment = ProcessInfo.processInfo.environment.merging(["XDG_DATA_HOME": scratch.path("data")]) { $1 }
        }

        func emoscope(_ arguments: String...) throws -> Outcome {
            try EmoscopeTests.emoscope(arguments, environment: environment)
        }

        func path(_ name: String) -> String { scratch.path("data/emoscope/profiles/\(name).json") }
    }

    @Test func aProfileIsMadeListedUsedAndRemoved() throws {
        let home = try Home()
        let made = try home.emoscope("calibrate", "anna", "--from", conversation)
        #expect(made.status == 0 && made.output.contains("--profile anna"), "\(made.errors)")
        let attributes = try FileManager.default.attributesOfItem(atPath: home.path("anna"))
        #expect(attributes[.posixPermissions] as? Int == 0o600)
        #expect(attributes[.size] as? Int ?? .max < 100_000, "it holds no sound")
        let listed = try home.emoscope("profiles")
        #expect(listed.output.contains("anna") && listed.output.contains("emoscope.safetensors"), "\(listed.output)")

        let plain = try home.emoscope("predict", "--json", conversation)
        let known = try home.emoscope("predict", "--json", "--profile", "anna", conversation)
        #expect(known.status == 0 && known.output.contains("\"baseline\":\"anna\"") && known.output != plain.output)
        let replayed = try home.emoscope(
            "replay", "--fast", "--profile", "anna", conversation, "-o", home.scratch.path("a.csv"))
        #expect(replayed.status == 0, "\(replayed.errors)")
        let log = Log(try home.scratch.text("a.csv"))
        #expect(Set(log.rows.filter { $0["status"] == "ok" }.map { $0["baseline"] }) == ["anna"])
        let repeated = try home.emoscope(
            "replay", "--fast", "--repeat", home.scratch.path("a.json"), conversation, "-o", home.scratch.path("b.csv"))
        #expect(repeated.status == 0, "\(repeated.errors)")
        #expect(Log(try home.scratch.text("b.csv")).column("p_sad") == log.column("p_sad"))

        let twice = try home.emoscope("calibrate", "anna", "--from", conversation)
        #expect(twice.status == 5 && twice.errors.contains("--force"))
        #expect(try home.emoscope("calibrate", "anna", "--from", conversation, "--force").status == 0)
        let others = try home.emoscope("predict", "--weights", "open", "--profile", "anna", conversation)
        #expect(others.status == 4 && others.errors.contains("other weights"), "\(others.errors)")
        #expect(try home.emoscope("profiles", "remove", "anna").status == 0)
        #expect(try home.emoscope("profiles").errors.contains("no profiles yet"))
    }

    @Test func aMicrophoneIsHeardUntilThereIsEnoughSpeech() throws {
        let home = try Home()
        let room = try AudioRoom()
        defer { room.stop() }
        let neutral = try conversationClips().filter { $0.emotion == "neutral" }.flatMap(\.samples)
        try writeWAV(neutral + neutral + neutral, to: home.scratch.path("neutral.wav"))
        let player = try room.play(home.scratch.url.appendingPathComponent("neutral.wav"))
        let run = try emoscope(
            "calibrate", "anna", "-D", "room", "--seconds", "5",
            environment: room.environment.merging(["XDG_DATA_HOME": home.scratch.path("data")]) { $1 })
        player.kill(SIGTERM)
        #expect(run.status == 0 && run.errors.contains("ordinary voice"), "\(run.errors)")
        struct Profile: Decodable {
            let seconds: Double
            let source: String
        }
        let profile = try JSONDecoder().decode(
            Profile.self, from: Data(contentsOf: URL(fileURLWithPath: home.path("anna"))))
        #expect(profile.source == "room" && profile.seconds > 3)
    }

    @Test func soundThatIsNoOrdinarySpeechIsRefused() throws {
        let home = try Home()
        let speech = try excerpt(conversation, from: 0, to: 10)
        let tone = (0..<160_000).map { 0.3 * Float(sin(Double($0) * 0.2)) }
        for (name, samples, words) in [
            ("silence", [Float](repeating: 0, count: 160_000), "nothing was heard"), ("tone", tone, "s of speech"),
            ("clipped", speech.map { max(-1, min(1, $0 * 100)) }, "clips"),
            ("short", Array(speech[..<32_000]), "s of speech"),
        ] {
            try writeWAV(samples, to: home.scratch.path("\(name).wav"))
            let run = try home.emoscope("calibrate", name, "--from", home.scratch.path("\(name).wav"))
            #expect(run.status == 1 && run.errors.contains(words), "\(name): \(run.errors)")
            #expect(!FileManager.default.fileExists(atPath: home.path(name)))
        }
    }

    @Test func whatCannotBeUsedIsAnErrorThatSaysWhatWorks() throws {
        let home = try Home()
        try FileManager.default.createDirectory(
            atPath: home.scratch.path("data/emoscope/profiles"), withIntermediateDirectories: true)
        for content in [
            "", "{\"format\": 1}", String(repeating: "x", count: 2 << 20),
            #"{"format":"emoscope-profile/1","emoscope":"","name":"bad","date":"","source":"","seconds":9,"weights":"","#
                + #""sha256":"","representation":[],"logits":{"angry":1e30,"happy":0,"neutral":0,"sad":0}}"#,
        ] {
            try content.write(toFile: home.path("bad"), atomically: true, encoding: .utf8)
            let run = try home.emoscope("predict", "--profile", "bad", conversation)
            #expect(run.status != 0 && run.errors.contains("bad.json"), "\(content.prefix(40)): \(run.errors)")
        }
        #expect(try home.emoscope("profiles").output.contains("damaged"))
        for (arguments, status, words) in [
            (["predict", "--profile", "nobody", conversation], 2, "there are bad"),
            (["calibrate", "auto", "--from", conversation], 2, "word of the log"),
            (["calibrate", "../x", "--from", conversation], 2, "letters, digits"),
            (["predict", "--profile", "../../x", conversation], 2, "letters, digits"),
            (["replay", "--profile", "bad", "--baseline", "auto", conversation], 2, "give one of them"),
            (["predict", "--profile", "bad", "--baseline", "whole", conversation], 2, "give one of them"),
            (["watch", "--baseline", "whole"], 2, "needs a recording"),
            (["profiles", "remove", "nobody"], 2, "no profile"),
        ] as [([String], Int32, String)] {
            let run = try EmoscopeTests.emoscope(arguments, environment: home.environment)
            #expect(run.status == status && run.errors.contains(words), "\(arguments): \(run.errors)")
        }
    }
}
