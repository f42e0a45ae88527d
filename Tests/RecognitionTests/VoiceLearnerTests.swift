import EmotionCore
import EmotionRecognition
import EmotionSoundFiles
import Foundation
import Testing

@Suite(.timeLimit(.minutes(2))) struct VoiceLearnerTests {
    /// Speech of the bundled conversation, between seconds of it.
    private func speech(_ from: Double, _ to: Double) throws -> [Float] {
        let file = try AudioFile(path: RecognitionTests.sample)
        var samples: [Float] = []
        while case let piece = try file.read(upTo: 16_000), !piece.isEmpty { samples += piece }
        return Array(samples[AudioFormat.samples(from)..<AudioFormat.samples(to)])
    }

    private func learned(_ samples: [Float], by piece: Int = .max) throws -> VoiceLearner {
        let learner = try VoiceLearner()
        var rest = samples[...]
        while !rest.isEmpty {
            learner.add(Array(rest.prefix(piece)))
            rest = rest.dropFirst(piece)
        }
        learner.finish()
        return learner
    }

    @Test func theVoiceDoesNotDependOnThePiecesInWhichItComes() throws {
        let samples = try speech(25.6, 33.6)
        let whole = try learned(samples)
        #expect(whole.stretches.count >= 2)
        for piece in [1, 511, 16_000] { #expect(try learned(samples, by: piece).stretches == whole.stretches) }
    }

    @Test func pausesAreNoPartOfTheVoice() throws {
        let samples = try speech(35.3, 41.6)
        let pause = [Float](repeating: 0, count: 32_000)
        let (plain, paused) = (try learned(samples), try learned(pause + samples + pause + pause))
        let (a, b) = (try #require(plain.embedding), try #require(paused.embedding))
        #expect(a.cosine(to: b) > 0.97)
    }

    @Test func silenceAndAWordAreNoVoice() throws {
        let silent = try learned([Float](repeating: 0, count: 160_000))
        #expect(silent.embedding == nil && silent.likeness == nil)
        // Half a second of a sentence.
        #expect(try learned(speech(36, 36.5)).embedding == nil)
    }

    @Test func oneVoiceIsMoreLikeItselfThanTwo() throws {
        let one = try #require(try learned(speech(25.6, 33.6)).likeness)
        let two = try #require(try learned(speech(25.6, 33.6) + speech(1, 8.4)).likeness)
        #expect(one > 0.92 && two < one - 0.03, "\(one), \(two)")
    }
}
