import EmotionCore
import EmotionStream
import Testing

@testable import Fuzz
@testable import emoscope

/// Voice profiles and descriptions of sessions with faults: each is refused, or holds nothing but plausible numbers.
@Suite(.timeLimit(.minutes(2))) struct HostileDescriptionTests {
    private static let logits = #"{"angry":-0.5,"happy":0.25,"neutral":1.5,"sad":0}"#

    private static func profile(representation: String = "[0.5,-0.25]", seconds: String = "16") -> String {
        #"{"format":"emoscope-profile/1","emoscope":"0.1.0","name":"anna","date":"2026-01-01T00:00:00Z","source":"room","#
            + #""heard_seconds":20,"seconds":\#(seconds),"logits":\#(logits),"representation":\#(representation),"#
            + #""weights":"emoscope.safetensors","sha256":"00"}"#
    }

    /// - Parameter settings: The members of the settings that are about the baseline.
    private static func session(_ settings: String = baselines()) -> String {
        #"{"emoscope":"0.1.0","kernels":"","started":"","source":["a.wav"],"actions":[{"action":"marker","sample":9}],"#
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
        func numbers(_ count: Int) -> String {
            "[" + Array(repeating: "0.5", count: count).joined(separator: ",") + "]"
        }
        #expect(VoiceProfile(Array(Self.profile(representation: numbers(8192)).utf8)) != nil)
        for representation in [numbers(0), numbers(8193), "[1e39]", "[null]", "null", "1"] {
            #expect(VoiceProfile(Array(Self.profile(representation: representation).utf8)) == nil)
        }
        for seconds in ["0", "-1", "1e7", "null"] {
            #expect(VoiceProfile(Array(Self.profile(seconds: seconds).utf8)) == nil, "\(seconds)")
        }
    }

    @Test func aDescriptionHasBaselinesThatCanBeAVoices() throws {
        let sound = try #require(read(Self.session()))
        let baseline = VoiceBaseline(logits: EmotionScores(angry: -0.5, happy: 0.25, neutral: 1.5), seconds: 16)
        #expect(sound.settings.given == .given([baseline], .profile("anna")))
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

    @Test func changedBytesAreRefusedOrHoldPlausibleNumbers() {
        var accepted = 0
        for number in 0..<4000 {
            var chance = Chance(seed: 7, case: number)
            if let profile = VoiceProfile(Self.hostile(Self.profile(), &chance)) {
                accepted += 1
                #expect(profile.baseline.isPlausible && profile.seconds > 0 && !profile.representation.isEmpty)
                #expect(profile.representation.allSatisfy(\.isFinite) && profile.heardSeconds.isFinite)
            }
            if let session = try? Sidecar(Self.hostile(Self.session(), &chance), "a.json") {
                accepted += 1
                #expect(session.settings.baselines?.allSatisfy(\.isPlausible) != false)
                #expect(session.schedule.count == session.actions?.count ?? 0)
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
