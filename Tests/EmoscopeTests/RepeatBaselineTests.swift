import Foundation
import Testing

/// The repetition of sessions that knew each voice's normal beforehand: the description beside the log suffices.
@Suite(.timeLimit(.minutes(5))) struct RepeatBaselineTests {
    private func replay(_ home: ProfileHome, _ name: String, _ arguments: String...) throws -> [[String: String]] {
        let run = try home.emoscope(["replay", "--fast", "-o", home.scratch.path(name + ".csv")] + arguments)
        #expect(run.status == 0, "\(run.errors)")
        return Log(try home.scratch.text(name + ".csv")).rows.map {
            $0.filter { !["wall_end", "infer_ms", "latency_ms"].contains($0.key) }
        }
    }

    /// The description of a session, changed and written under another name; its path.
    private func describe(
        _ home: ProfileHome, _ name: String, as other: String, _ change: (inout [String: Any]) -> Void
    ) throws -> String {
        let data = Data(try home.scratch.text(name + ".json").utf8)
        var session = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
        var settings = try #require(session["settings"] as? [String: Any])
        change(&settings)
        session["settings"] = settings
        try JSONSerialization.data(withJSONObject: session)
            .write(to: home.scratch.url.appendingPathComponent(other + ".json"))
        return home.scratch.path(other + ".json")
    }

    @Test func aProfileThatWasRemadeOrRemovedChangesNoRow() throws {
        let home = try ProfileHome()
        let talk = home.scratch.path("talk.wav")
        try writeWAV(try excerpt(conversation, from: 0, to: 20), to: talk)
        try #require(try home.emoscope("calibrate", "anna", "--from", home.neutralSpeech()).status == 0)
        let rows = try replay(home, "a", "--profile", "anna", talk)
        #expect(Set(rows.filter { $0["status"] == "ok" }.map { $0["baseline"] }) == ["anna"])
        let description = try home.scratch.text("a.json")
        #expect(!description.contains("representation"), "a voice's representation stays in its profile")
        #expect(description.contains(#""speakers" : "1""#) && !description.contains("profiles"), "\(description)")

        try #require(
            try home.emoscope("calibrate", "anna", "--from", home.neutralSpeech(of: "emodb_03"), "--force").status == 0)
        #expect(try replay(home, "other", "--profile", "anna", talk) != rows, "the profile is another one now")
        #expect(try replay(home, "b", "--repeat", home.scratch.path("a.json"), talk) == rows)
        try #require(try home.emoscope("profiles", "remove", "anna").status == 0)
        #expect(try replay(home, "c", "--repeat", home.scratch.path("b.json"), talk) == rows, "of a repetition as well")
    }

    /// Two speakers, each on a channel: the first profile is of the first channel, and the second of the second.
    @Test func eachChannelHasAProfileOfItsOwn() throws {
        let home = try ProfileHome()
        let talk = home.scratch.path("talk.wav")
        let sides = try [0.0, 20.0].map { try excerpt(conversation, from: $0, to: $0 + 12) }
        try writeWAV(channels: sides, to: talk)
        for (name, speaker) in [("anna", "emodb_14"), ("ben", "emodb_03")] {
            try #require(try home.emoscope("calibrate", name, "--from", home.neutralSpeech(of: speaker)).status == 0)
        }
        func read(_ rows: [[String: String]], _ channel: String) -> [[String: String]] {
            rows.filter { $0["status"] == "ok" && $0["channel"] == channel }
        }
        func baselines(_ rows: [[String: String]]) -> [Set<String?>] {
            ["1", "2"].map { channel in Set(read(rows, channel).map { $0["baseline"] }) }
        }
        let both = try replay(home, "both", "--split-channels", "--profile", "anna", "--profile", "ben", talk)
        #expect(baselines(both) == [["anna"], ["ben"]])
        let plain = try replay(home, "plain", "--split-channels", talk)
        let one = try replay(home, "one", "--split-channels", "--profile", "anna", talk)
        #expect(baselines(one) == [["anna"], ["none"]])
        #expect(read(one, "1") == read(both, "1") && read(one, "2") == read(plain, "2"))
        #expect(read(plain, "1") != read(both, "1") && read(plain, "2") != read(both, "2"))

        for (name, rows) in [("both", both), ("one", one)] {
            let description = home.scratch.path(name + ".json")
            #expect(try replay(home, name + "-again", "--repeat", description, talk) == rows)
        }
        // A description of the time when one profile was of both channels.
        let old = try describe(home, "one", as: "old") { settings in
            settings["profile"] = (settings.removeValue(forKey: "channel_profiles") as? [String])?.first
        }
        #expect(try baselines(replay(home, "old-again", "--repeat", old, talk)) == [["anna"], ["anna"]])
    }

    /// The baseline of a whole recording is repeated where the recording is no longer whole.
    @Test func theBaselineOfAWholeRecordingIsNotLearnedAgain() throws {
        let home = try ProfileHome()
        try writeWAV(try excerpt(conversation, from: 0, to: 20), to: home.scratch.path("part.wav"))
        func early(_ rows: [[String: String]]) -> [[String: String]] {
            rows.filter { Double($0["end_s"] ?? "") ?? 99 < 19 }
        }
        let rows = early(try replay(home, "a", "--baseline", "whole", conversation))
        #expect(rows.contains { $0["baseline"] == "whole" })
        let part = home.scratch.path("part.wav")
        #expect(try early(replay(home, "part", "--baseline", "whole", part)) != rows)
        #expect(try early(replay(home, "b", "--repeat", home.scratch.path("a.json"), part)) == rows)
    }

    /// The correction is part of the description, since weights that name none get that of the program's version.
    @Test func theCorrectionOfTheSessionIsRepeated() throws {
        let home = try ProfileHome()
        let talk = home.scratch.path("talk.wav")
        try writeWAV(try excerpt(conversation, from: 0, to: 12), to: talk)
        let rows = try replay(home, "a", "--baseline", "auto", talk)
        let changed = try describe(home, "a", as: "changed") { settings in
            var correction = settings["correction"] as? [String: Any]
            #expect(correction?["usual"] != nil)
            correction?["doubt"] = 50
            settings["correction"] = correction
        }
        #expect(try replay(home, "b", "--repeat", changed, talk) != rows)
        #expect(try replay(home, "c", "--repeat", home.scratch.path("a.json"), talk) == rows)
    }

    @Test func anotherBaselineBesideTheDescriptionIsRefused() throws {
        let home = try ProfileHome()
        for option in [["--profile", "anna"], ["--baseline", "auto"]] {
            let run = try home.emoscope(["replay", "--repeat", "a.json", conversation] + option)
            #expect(run.status == 2 && run.errors.contains("leave --baseline and --profile out"), "\(run.errors)")
        }
    }

    @Test func aDescriptionThatCannotBeReadIsWrongUsageWithAdviceThatSuits() throws {
        let home = try ProfileHome()
        try String(repeating: " ", count: 2 << 20)
            .write(toFile: home.scratch.path("large.json"), atomically: true, encoding: .utf8)
        try "{}".write(toFile: home.scratch.path("other.json"), atomically: true, encoding: .utf8)
        for (name, words) in [
            ("missing.json", "No such file"), ("large.json", "too large"), (".", "folder"),
            ("other.json", "not the description"),
        ] {
            let run = try home.emoscope("replay", "--fast", "--repeat", home.scratch.path(name), conversation)
            #expect(run.status == 2 && run.errors.contains(words), "\(run.errors)")
            #expect(run.errors.contains("name the .json that emoscope wrote"), "\(run.errors)")
        }
    }
}
