import EmotionCore
import EmotionStream
import Foundation
import Testing

@testable import Fuzz
@testable import emoscope

/// Voice profiles and descriptions of sessions with faults: each is refused, or holds nothing but plausible numbers.
@Suite(.timeLimit(.minutes(2))) struct HostileDescriptionTests {
    private static let logits = #"{"angry":-0.5,"happy":0.25,"neutral":1.5,"sad":0}"#

    /// The numbers of an embedding: they have unit length.
    private static let embedding = numbers(256, "0.0625")

    private static func numbers(_ count: Int, _ number: String = "0.5") -> String {
        "[" + Array(repeating: number, count: count).joined(separator: ",") + "]"
    }

    /// - Parameter embedding: Its numbers; nil for a profile of the format before, without any.
    private static func profile(
        representation: String = "[0.5,-0.25]", seconds: String = "16", format: Int = 2, embedding: String? = embedding
    ) -> String {
        #"{"format":"emoscope-profile/\#(format)","emoscope":"0.1.0","name":"anna","date":"2026-01-01T00:00:00Z","source":"room","#
            + #""heard_seconds":20,"seconds":\#(seconds),"logits":\#(logits),"representation":\#(representation),"#
            + (embedding.map { #""embedding":\#($0),"# } ?? "")
            + #""weights":"emoscope.safetensors","sha256":"00"}"#
    }

    /// - Parameters:
    ///   - settings: The members of the settings that are about the baseline.
    ///   - actions: What the user did.
    private static func session(
        _ settings: String = baselines(), actions: String = #"{"action":"marker","sample":9}"#
    ) -> String {
        #"{"emoscope":"0.1.0","kernels":"","started":"","source":["a.wav"],"actions":[\#(actions)],"#
            + #""weights":{"file":"","sha256":"","provenance":"","licence":""},"settings":{"window_seconds":3,"#
            + #""hop_seconds":0.5,"smoothing_seconds":0.5,"vad_threshold":0.5,"minimum_speech":0.1,"#
            + #""minimum_recent_speech":0.1,"silence":"keep","unsure_below":0.6,"paced":false,"split_channels":false,"#
            + settings + "}}"
    }

    private static func baselines(
        _ baselines: String = #"[{"logits":\#(logits),"seconds":16}]"#, profile: String = #""anna""#,
        doubt: String = "0.5"
    ) -> String {
        #""baseline":"none","profile":\#(profile),"baselines":\#(baselines),"#
            + #""correction":{"doubt":\#(doubt),"limit":6,"usual":\#(logits)}"#
    }

    private func read(_ text: String) -> Sidecar? { try? Sidecar(Array(text.utf8), "a.json") }

    @Test func aProfileHasARepresentationOfFiniteNumbersAndPlausibleLength() {
        #expect(VoiceProfile(Array(Self.profile().utf8)) != nil)
        #expect(VoiceProfile(Array(Self.profile(representation: Self.numbers(8192)).utf8)) != nil)
        for representation in [Self.numbers(0), Self.numbers(8193), "[1e39]", "[null]", "null", "1"] {
            #expect(VoiceProfile(Array(Self.profile(representation: representation).utf8)) == nil)
        }
        for seconds in ["0", "-1", "1e7", "null"] {
            #expect(VoiceProfile(Array(Self.profile(seconds: seconds).utf8)) == nil, "\(seconds)")
        }
    }

    @Test func aProfileHasAnEmbeddingOfUnitLengthUnlessItIsOld() throws {
        func read(_ embedding: String?, format: Int = 2) -> VoiceProfile? {
            VoiceProfile(Array(Self.profile(format: format, embedding: embedding).utf8))
        }
        #expect(try #require(read(Self.embedding)).voice?.values == [Float](repeating: 0.0625, count: 256))
        #expect(try #require(read(nil, format: 1)).voice == nil)
        let long = #"[1e38,"# + Self.numbers(255, "0").dropFirst()
        for embedding in [
            Self.numbers(255, "0.0626"), Self.numbers(257, "0.0624"), Self.numbers(256, "0"), Self.numbers(256, "0.5"),
            Self.numbers(256, "1e39"), Self.numbers(256, "null"), "[]", "[1]", "null", "0.0625", long, nil,
        ] {
            #expect(read(embedding) == nil, "\(embedding?.prefix(20) ?? "none")")
        }
        #expect(read(Self.embedding, format: 1) == nil && read(Self.embedding, format: 3) == nil)
        #expect(read(nil, format: 3) == nil)
    }

    private static func speakers(_ count: String = #""2""#, _ profiles: String...) -> String {
        #""baseline":"none","speakers":\#(count),"profiles":[\#(profiles.joined(separator: ","))]"#
    }

    private static func speaker(
        _ name: String, seconds: String = "16", digest: String = String(repeating: "0f", count: 32)
    ) -> String {
        #"{"name":"\#(name)","baseline":{"logits":\#(logits),"seconds":\#(seconds)},"sha256":"\#(digest)"}"#
    }

    @Test func aDescriptionHasSpeakersThatCanBe() throws {
        #expect(read(Self.session())?.settings.speakerCount == .exactly(1), "a description of an older version")
        let (anna, ben) = (Self.speaker("anna"), Self.speaker("ben"))
        for (settings, count) in [
            (#""speakers":"1""#, .exactly(1)), (#""speakers":"8""#, .exactly(8)), (#""speakers":"auto""#, .automatic),
            (Self.speakers(#""2""#, anna, ben), .exactly(2)), (Self.speakers(#""auto""#, anna), .automatic),
        ] as [(String, SpeakerCount)] {
            let sound = try #require(read(Self.session(settings)), "\(settings)")
            #expect(sound.settings.speakerCount == count && sound.settings.given == nil)
        }
        for settings in [
            #""speakers":"0""#, #""speakers":"9""#, #""speakers":"two""#, #""speakers":2"#, #""speakers":"""#,
            Self.speakers(#""2""#), Self.speakers(#""1""#, anna), Self.speakers("null", anna),
            Self.speakers(#""2""#, anna, anna), Self.speakers(#""2""#, anna, ben, Self.speaker("carl")),
            Self.speakers(#""2""#, Self.speaker("../anna")), Self.speakers(#""2""#, Self.speaker("=1+1")),
            Self.speakers(#""2""#, Self.speaker("auto")), Self.speakers(#""2""#, Self.speaker("12")),
            Self.speakers(#""2""#, Self.speaker(String(repeating: "a", count: 25))),
            Self.speakers(#""2""#, Self.speaker("anna", seconds: "-1")),
            Self.speakers(#""2""#, Self.speaker("anna", seconds: "1e7")),
            Self.speakers(#""2""#, Self.speaker("anna", digest: "0f")),
            Self.speakers(#""2""#, Self.speaker("anna", digest: String(repeating: "/.", count: 32))),
            Self.speakers(#""2""#, anna) + #","baselines":[{"logits":\#(Self.logits),"seconds":16}]"#,
            Self.speakers(#""2""#, anna) + #","profile":"anna""#,
        ] {
            #expect(read(Self.session(settings)) == nil, "\(settings)")
        }
        // Two channels of several speakers each are refused as on the command line.
        let split = Self.session(#""speakers":"2""#).replacingOccurrences(
            of: #""split_channels":false"#, with: #""split_channels":true"#)
        #expect(read(split) == nil)
    }

    private static func action(
        _ action: String, _ speaker: String = #""A""#, _ name: String = #""Zoë""#, sample: String = "9"
    ) -> String {
        #"{"action":"\#(action)","sample":\#(sample),"speaker":\#(speaker),"name":\#(name)}"#
    }

    /// The names of actions come to the log and to the screen.
    @Test func anActionOnSpeakersHasNamesThatCanBe() throws {
        let settings = #""speakers":"2""#
        let known = [Self.action("rename-speaker"), Self.action("merge-speaker", #""Zoë""#, #""B""#)]
        let sound = try #require(read(Self.session(settings, actions: known.joined(separator: ","))))
        #expect(sound.schedule.map(\.action) == [.renameSpeaker("A", to: "Zoë"), .mergeSpeaker("Zoë", into: "B")])
        let impossible = [
            "null", "1", "[]", #""""#, #""12""#, #"" A""#, #""=1+1""#, #""A,B""#, #""A\r\nB""#, #""\u001b[2J""#,
            #""\u0000""#, "\"\(String(repeating: "a", count: 25))\"",
        ]
        for word in ["rename-speaker", "merge-speaker"] {
            for name in impossible {
                for action in [Self.action(word, name), Self.action(word, #""A""#, name)] {
                    #expect(read(Self.session(settings, actions: action)) == nil, "\(action)")
                }
            }
            for sample in ["-1", "1e300", "9007199254740993", "null"] {
                #expect(read(Self.session(settings, actions: Self.action(word, sample: sample))) == nil, "\(sample)")
            }
            #expect(read(Self.session(settings, actions: #"{"action":"\#(word)","sample":9}"#)) == nil)
        }
        #expect(read(Self.session(settings, actions: Self.action("split-speaker"))) == nil)
    }

    @Test func aDescriptionHasBaselinesThatCanBeAVoices() throws {
        let sound = try #require(read(Self.session()))
        let baseline = VoiceBaseline(logits: EmotionScores(angry: -0.5, happy: 0.25, neutral: 1.5), seconds: 16)
        #expect(sound.settings.given == .given([GivenBaseline(baseline, .profile("anna"))]))
        #expect(read(Self.session(#""baseline":"auto""#))?.settings.given == nil)
        let one = #"{"logits":\#(Self.logits),"seconds":16}"#
        for settings in [
            Self.baselines("[]"), Self.baselines("[\(one),\(one),\(one)]"), Self.baselines("null"),
            Self.baselines(#"[{"logits":{"angry":0,"happy":0,"neutral":0,"sad":1001},"seconds":16}]"#),
            Self.baselines(#"[{"logits":\#(Self.logits),"seconds":-1}]"#), Self.baselines(profile: #""=1+1""#),
            Self.baselines(profile: #""auto""#), Self.baselines(profile: "null"), Self.baselines(doubt: "0"),
            Self.baselines(doubt: "-1"), Self.baselines(doubt: "1e300"), #""baseline":"perhaps""#,
        ] {
            #expect(read(Self.session(settings)) == nil, "\(settings)")
        }
    }

    @Test func theProfilesOfChannelsAreThoseOfItsBaselines() throws {
        let one = #"{"logits":\#(Self.logits),"seconds":16}"#
        func split(_ names: String, _ baselines: String) -> Sidecar? {
            read(
                Self.session(#""baseline":"none","channel_profiles":\#(names),"baselines":\#(baselines)"#)
                    .replacingOccurrences(of: #""split_channels":false"#, with: #""split_channels":true"#))
        }
        let baseline = VoiceBaseline(logits: EmotionScores(angry: -0.5, happy: 0.25, neutral: 1.5), seconds: 16)
        let (anna, ben) = (GivenBaseline(baseline, .profile("anna")), GivenBaseline(baseline, .profile("ben")))
        #expect(split(#"["anna","ben"]"#, "[\(one),\(one)]")?.settings.given == .given([anna, ben]))
        #expect(split(#"["anna"]"#, "[\(one)]")?.settings.given == .given([anna]))
        for (names, baselines) in [
            (#"["anna","ben"]"#, "[\(one)]"), (#"["anna"]"#, "[\(one),\(one)]"), (#"["anna"]"#, "null"), ("[]", "[]"),
            (#"["=1+1"]"#, "[\(one)]"),
        ] {
            #expect(split(names, baselines) == nil, "\(names)")
        }
        #expect(read(Self.session(#""baseline":"none","channel_profiles":["anna"],"baselines":[\#(one)]"#)) == nil)
    }

    @Test func changedBytesAreRefusedOrHoldPlausibleNumbers() {
        var accepted = 0
        for number in 0..<4000 {
            var chance = Chance(seed: 7, case: number)
            if let profile = VoiceProfile(Self.hostile(Self.profile(), &chance)) {
                accepted += 1
                #expect(profile.baseline.isPlausible && profile.seconds > 0 && !profile.representation.isEmpty)
                #expect(profile.representation.allSatisfy(\.isFinite) && profile.heardSeconds.isFinite)
                #expect(profile.voice?.values.allSatisfy(\.isFinite) == true)
            }
            if let old = VoiceProfile(Self.hostile(Self.profile(format: 1, embedding: nil), &chance)) {
                accepted += 1
                #expect(old.voice == nil)
            }
            let known = Self.speakers(#""2""#, Self.speaker("anna"), Self.speaker("ben"))
            let settings = chance.once(in: 2) ? known : Self.baselines()
            let actions = [
                #"{"action":"marker","sample":9}"#, Self.action("rename-speaker"), Self.action("merge-speaker"),
            ]
            let text = Self.session(settings, actions: actions.joined(separator: ","))
            if let session = try? Sidecar(Self.hostile(text, &chance), "a.json") {
                accepted += 1
                #expect(session.settings.profiles?.allSatisfy { $0.baseline.isPlausible } != false)
                #expect(session.settings.speakerCount.map { session.settings.profiles?.count ?? 0 <= $0.most } == true)
                #expect(session.settings.baselines?.allSatisfy(\.isPlausible) != false)
                #expect(session.schedule.count == session.actions?.count ?? 0)
                for timed in session.schedule {
                    switch timed.action {
                    case .renameSpeaker(let name, let other), .mergeSpeaker(let name, let other):
                        #expect([name, other].allSatisfy { SpeakerName($0) != nil })
                    case .marker, .source, .takeBaseline, .startLog, .pauseLog, .resumeLog: break
                    }
                }
            }
        }
        #expect(accepted > 400, "some faults are in words that may be any")
    }

    /// One number becomes one that is likely to break arithmetic, or some bytes change.
    private static func hostile(_ text: String, _ chance: inout Chance) -> [UInt8] {
        var bytes = Array(text.utf8)
        guard chance.once(in: 2) else {
            bytes.mutate(&chance, head: bytes.count)
            return bytes
        }
        let digits = bytes.indices.filter { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(bytes[$0]) }
        let other = chance.pick([String(chance.edge()), "-1", "1e9", "1e39", "1e400", "null", "[]", "\"\"", ""])
        let place = chance.pick(digits)
        bytes.replaceSubrange(place...place, with: Array(other.utf8))
        return bytes
    }
}
