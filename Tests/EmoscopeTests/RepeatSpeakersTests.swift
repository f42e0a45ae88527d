import Foundation
import Testing

@testable import emoscope

/// The repetition of sessions that knew several speakers: the voices are in the profiles alone.
@Suite(.timeLimit(.minutes(5))) struct RepeatSpeakersTests {
    /// Profiles of two speakers, and a session that knew both; its rows are in `a.csv`.
    private func session() throws -> (home: ProfileHome, talk: String) {
        let home = try ProfileHome()
        for (name, speaker) in [("ben", "emodb_03"), ("anna", "emodb_14")] {
            try #require(try home.emoscope("calibrate", name, "--from", home.neutralSpeech(of: speaker)).status == 0)
        }
        let talk = home.scratch.path("talk.wav")
        try writeWAV(try excerpt(conversation, from: 8, to: 16), to: talk)
        let run = try replay(home, "a", ["--speakers", "2", "--profile", "anna", "--profile", "ben", talk])
        try #require(run.status == 0, "\(run.errors)")
        return (home, talk)
    }

    private func replay(_ home: ProfileHome, _ name: String, _ arguments: [String]) throws -> Outcome {
        try home.emoscope(["replay", "--fast", "-o", home.scratch.path(name + ".csv")] + arguments)
    }

    @Test func aDescriptionHoldsNoVoice() throws {
        let (home, _) = try session()
        let text = try home.scratch.text("a.json")
        let settings = try Sidecar(Array(text.utf8), "a.json").settings
        #expect(settings.speakers == "2" && settings.profile == nil && settings.baselines == nil)
        let profiles = try #require(settings.profiles)
        #expect(profiles.map(\.name) == ["anna", "ben"])
        for known in profiles {
            let profile = try home.profile(known.name)
            #expect(known.baseline == profile.baseline && known.sha256 == profile.voice?.sha256)
        }
        #expect(profiles[0].sha256 != profiles[1].sha256)
        for word in ["embedding", "representation"] { #expect(!text.contains(word)) }
        #expect(text.utf8.count < 4000, "256 numbers are longer: \(text.utf8.count)")
    }

    @Test func aRepetitionTakesTheVoicesFromTheProfiles() throws {
        let (home, talk) = try session()
        let run = try replay(home, "b", ["--repeat", home.scratch.path("a.json"), talk])
        #expect(run.status == 0, "\(run.errors)")
        let described = try ["a.json", "b.json"].map { name in
            let settings = try Sidecar(Array(home.scratch.text(name).utf8), name).settings
            return try (settings.speakerCount, settings.profiles.map(JSONText.line))
        }
        #expect(described[0].0 == .exactly(2) && described[0] == described[1])

        // The same voice from the same recording is the same profile.
        let again = try home.emoscope("calibrate", "anna", "--from", home.neutralSpeech(), "--force")
        try #require(again.status == 0, "\(again.errors)")
        #expect(try replay(home, "c", ["--repeat", home.scratch.path("a.json"), talk]).status == 0)
    }

    @Test func aProfileThatIsGoneIsNamed() throws {
        let (home, talk) = try session()
        func refused(_ event: String, _ name: String) throws {
            let run = try replay(home, event, ["--repeat", home.scratch.path("a.json"), talk])
            #expect(
                run.status == 2 && run.errors.contains("\"\(name)\" by a profile that was \(event)"), "\(run.errors)")
            #expect(run.errors.contains(home.path(name)), "\(run.errors)")
            #expect(!FileManager.default.fileExists(atPath: home.scratch.path(event + ".csv")))
        }
        // Another recording of the voice; then none of it.
        try #require(try home.emoscope("calibrate", "ben", "--from", home.neutralSpeech(), "--force").status == 0)
        try refused("replaced", "ben")
        try #require(try home.emoscope("profiles", "remove", "anna").status == 0)
        try refused("removed", "anna")
    }

    /// What a profile was replaced by may be one of the format before, or damaged.
    @Test func aProfileWithoutTheVoiceIsNotTheSame() throws {
        let (home, talk) = try session()
        try home.makeOld("ben")
        let old = try replay(home, "b", ["--repeat", home.scratch.path("a.json"), talk])
        #expect(old.status == 2 && old.errors.contains("was replaced"), "\(old.errors)")
        try "{}".write(toFile: home.path("ben"), atomically: true, encoding: .utf8)
        let damaged = try replay(home, "c", ["--repeat", home.scratch.path("a.json"), talk])
        #expect(damaged.status == 1 && damaged.errors.contains("emoscope calibrate ben --force"), "\(damaged.errors)")
    }
}
