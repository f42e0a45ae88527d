import EmotionCore
import EmotionStream
import Foundation
import TestSupport
import Testing

/// `evaluate` with what is known of each voice, and on ordinary speech, on clips of the bundled conversation.
@Suite(.timeLimit(.minutes(5))) struct VoiceEvaluationTests {
    private struct Report: Decodable {
        struct Group: Decodable {
            let clips: Int
            let enrolled: Int
            let recall: [String: Double]
        }
        let corpora: [String: Group]
        let speakers: [String: [String: Group]]
        let all: Group
    }

    private struct Shares: Decodable {
        struct Group: Decodable {
            let windows: Int
            let recordings: Int
            let leftOut: Int
            let shares: [String: Double?]
            let neutralOrUnsure: Double?
        }
        let all: Group
        let corpora: [String: Group]
    }

    private func decode<Content: Decodable>(_ outcome: Outcome) throws -> Content {
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        return try decoder.decode(Content.self, from: Data(outcome.output.utf8))
    }

    private func manifest() throws -> Scratch {
        let scratch = try Scratch()
        var text = "path,speaker,emotion,corpus\n"
        for clip in try conversationClips() {
            try writeWAV(clip.samples, to: scratch.path(clip.name + ".wav"))
            text += "\(clip.name).wav,\(clip.speaker),\(clip.emotion),emodb\n"
        }
        try text.write(toFile: scratch.path("clips.csv"), atomically: true, encoding: .utf8)
        return scratch
    }

    @Test func enrolledClipsAreLeftOutOfTheFigures() throws {
        let scratch = try manifest()
        let clips = try conversationClips()
        let enrolled = Dictionary(grouping: clips, by: \.speaker).mapValues { own in
            min(1, own.count { $0.emotion == "neutral" })
        }
        let run = try emoscope("evaluate", "--json", "--enrol", "1", scratch.path("clips.csv"))
        #expect(run.status == 0, "\(run.errors)")
        let report: Report = try decode(run)
        let count = enrolled.values.reduce(0, +)
        try #require(count > 0)
        #expect(report.all.enrolled == count && report.all.clips == clips.count - count)
        #expect(report.speakers["emodb"]?.mapValues(\.enrolled) == enrolled)
        let plain: Report = try decode(try emoscope("evaluate", "--json", scratch.path("clips.csv")))
        #expect(plain.all.enrolled == 0 && plain.all.clips == clips.count)
        let text = try emoscope("evaluate", "--enrol", "1", scratch.path("clips.csv"))
        #expect(text.output.contains("enrolled") && text.output.contains("is the voice's reference"))
        let session = try emoscope("evaluate", "--json", "--baseline", "session", scratch.path("clips.csv"))
        let learned: Report = try decode(session)
        #expect(learned.all.clips == clips.count && learned.all.enrolled == 0)
    }

    /// The correction of the shipped weights, from the description of a session.
    private func shippedCorrection(hearing clip: String) throws -> BaselineCorrection {
        struct Description: Decodable {
            struct Settings: Decodable {
                let correction: BaselineCorrection
            }
            let settings: Settings
        }
        let scratch = try Scratch()
        let run = try emoscope("replay", "--fast", "-q", "-o", "talk.csv", clip, in: scratch.url)
        #expect(run.status == 0, "\(run.errors)")
        return try JSONDecoder().decode(Description.self, from: Data(try scratch.text("talk.json").utf8)).settings
            .correction
    }

    /// The figures are those of a tracker for each speaker, which reads the logits that `predict` prints, clip by clip.
    @Test func aSessionOfClipsIsLearnedByOneTrackerForEachSpeaker() throws {
        struct Answer: Decodable {
            let seconds: Double
            let logits: [String: Float]
        }
        let scratch = try manifest()
        let clips = try conversationClips()
        let read = try emoscope(
            ["predict", "--json", "--precision", "fp32"] + clips.map { scratch.path($0.name + ".wav") })
        let correction = try shippedCorrection(hearing: scratch.path(clips[0].name + ".wav"))
        #expect(correction != .standard)
        let answers = try read.lines.map { try JSONDecoder().decode(Answer.self, from: Data($0.utf8)) }
        try #require(answers.count == clips.count, "\(read.errors)")
        func recalls(_ probabilities: (ConversationClip, EmotionScores, Double) -> EmotionScores) -> [String: Double] {
            var (right, all): ([String: Double], [String: Double]) = ([:], [:])
            for (clip, answer) in zip(clips, answers) {
                let logits = EmotionScores { answer.logits[$0.rawValue] ?? .nan }
                let emotion = probabilities(clip, logits, answer.seconds).argmax.rawValue
                all[clip.emotion, default: 0] += 1
                right[clip.emotion, default: 0] += emotion == clip.emotion ? 1 : 0
            }
            return right.merging(all) { (10_000 * $0 / $1).rounded() / 10_000 }
        }
        var trackers: [String: BaselineTracker] = [:]
        let expected = recalls { clip, logits, seconds in
            trackers[clip.speaker, default: BaselineTracker(.automatic, correction, channel: 0)]
                .read(logits, seconds: seconds)
        }
        var single = BaselineTracker(.automatic, correction, channel: 0)
        #expect(expected != recalls { _, logits, _ in logits.softmax }, "a baseline changes some answers")
        #expect(expected != recalls { single.read($1, seconds: $2) }, "one baseline for all voices changes others")
        let run = try emoscope(
            "evaluate", "--json", "--window", "whole", "--baseline", "session", scratch.path("clips.csv"))
        let report: Report = try decode(run)
        #expect(report.all.recall == expected, "\(run.errors)")
    }

    @Test func ordinarySpeechIsCountedByCorpus() throws {
        let scratch = try manifest()
        try writeWAV([Float](repeating: 0, count: 80_000), to: scratch.path("silent.wav"))
        try "path,corpus\n\(conversation),talk\nsilent.wav,quiet\n"
            .write(toFile: scratch.path("ordinary.csv"), atomically: true, encoding: .utf8)
        let run = try emoscope("evaluate", "--json", "--ordinary", scratch.path("ordinary.csv"))
        #expect(run.status == 0, "\(run.errors)")
        let shares: Shares = try decode(run)
        #expect(shares.corpora["quiet"]?.shares["silence"] == 1 && shares.corpora["quiet"]?.windows == 3)
        #expect(shares.corpora["quiet"]?.neutralOrUnsure == nil)
        let talk = try #require(shares.corpora["talk"])
        #expect(abs(talk.shares.values.compactMap(\.self).reduce(0, +) - 1) < 1e-3 && talk.windows >= 60)
        #expect(shares.all.windows == talk.windows + 3 && shares.all.recordings == 2)

        let known: Shares = try decode(
            try emoscope(
                "evaluate", "--json", "--ordinary", scratch.path("ordinary.csv"), "--reference", "4", "--unsure", "0"))
        #expect(known.all.leftOut == 1 && known.corpora["talk"]?.windows == talk.windows - 4)
        #expect(known.corpora["talk"]?.shares["unsure"] == 0)
    }

    @Test func whatDoesNotGoTogetherIsRefused() throws {
        let scratch = try manifest()
        let clips = scratch.path("clips.csv")
        for (arguments, words) in [
            (["evaluate"], "nothing to measure"), (["evaluate", clips, "--ordinary", clips], "one of them at a time"),
            (["evaluate", clips, "--enrol", "2", "--baseline", "session"], "give one of them"),
            (["evaluate", clips, "--enrol", "21"], "0 to 20"), (["evaluate", clips, "--reference", "4"], "--ordinary"),
            (["evaluate", "--ordinary", clips, "--enrol", "1"], "--enrol does not go with --ordinary"),
        ] {
            let run = try emoscope(arguments)
            #expect(run.status == 2 && run.errors.contains(words), "\(arguments): \(run.errors)")
        }
    }
}
