import EmotionRecognition
import EmotionSoundFiles
import Foundation
import Testing

/// Never an emotion where nobody speaks, and the speech of what is mostly pause.
@Suite(.timeLimit(.minutes(3))) struct VoiceActivityTests {
    private let recognizer = Result { try EmotionRecognizer(precision: .fp32) }
    private let whole = Result { try EmotionRecognizer(precision: .fp32, usesVoiceActivity: false) }

    /// Speech of the bundled conversation, from a second on.
    private func speech(_ seconds: Double, from start: Double = 4) throws -> [Float] {
        let file = try AudioFile(path: RecognitionTests.sample)
        let samples = try file.read(upTo: Int((start + seconds) * 16_000))
        return Array(samples[Int(start * 16_000)...])
    }

    private func silence(_ seconds: Double) -> [Float] { [Float](repeating: 0, count: Int(seconds * 16_000)) }

    private func tone(_ seconds: Double) -> [Float] {
        (0..<Int(seconds * 16_000)).map { 0.3 * Float(sin(2 * Double.pi * 440 * Double($0) / 16_000)) }
    }

    /// White noise, always the same.
    private func hiss(_ seconds: Double, _ amplitude: Float = 0.05) -> [Float] {
        var state: UInt64 = 9
        return (0..<Int(seconds * 16_000)).map { _ in
            state = state &* 6_364_136_223_846_793_005 &+ 1
            return amplitude * (Float(state >> 40) / Float(1 << 23) - 1)
        }
    }

    @Test func whereNobodySpeaksThereIsNoEmotion() throws {
        let (recognizer, whole) = (try recognizer.get(), try whole.get())
        let clicks = (0..<64_000).map { $0 % 8000 == 0 ? Float(0.9) : 0 }
        for (name, samples) in [
            ("zeros", silence(3)), ("a tone", tone(5)), ("one sample", [0.5]), ("noise", hiss(4)), ("clicks", clicks),
            ("a long tone", tone(30)), ("an offset", [Float](repeating: 0.4, count: 50_000)),
            ("a chunk less one", tone(0.0319)),
        ] {
            let result = try recognizer.predict(samples: samples)
            #expect(result.isSilence && result.scores == nil && result.label == nil, "\(name)")
            #expect(result.decision == nil && result.representation == nil, "\(name)")
            #expect(abs(result.seconds - Double(samples.count) / 16_000) < 1e-6, "\(name)")
            #expect(try #require(result.speech) < 0.1, "\(name)")
            #expect(try recognizer.representation(samples: samples).vector == nil, "\(name)")
            let authors = try whole.predict(samples: samples)
            #expect(authors.scores != nil && authors.speech == nil, "\(name)")
            #expect(try whole.representation(samples: samples).vector != nil, "\(name)")
        }
    }

    @Test func whatIsMostlySpeechIsReadWhole() throws {
        let (recognizer, whole) = (try recognizer.get(), try whole.get())
        let padded = try silence(1) + speech(3) + silence(1)
        for samples in try [speech(3), speech(1.2), speech(12), padded, speech(0.6, from: 58.2)] {
            let result = try recognizer.predict(samples: samples)
            #expect(try #require(result.speech) > 0.3)
            let authors = try whole.predict(samples: samples)
            #expect(result.logits == authors.logits, "\(samples.count)")
            let vectors = try [recognizer, whole].map { try $0.representation(samples: samples).vector }
            #expect(vectors[0] == vectors[1])
        }
    }

    /// Two seconds of speech among pauses, of a room that is not silent: the network reads the speech, with at most 0.15 s of
    /// pause on either side of a stretch.
    @Test(arguments: [10.0, 30, 70]) func ofWhatIsMostlyPauseTheSpeechIsRead(pause: Double) throws {
        let recognizer = try recognizer.get()
        let words = try speech(2, from: 57.9)
        let samples = hiss(pause, 0.0005) + words + hiss(pause, 0.0005)
        let result = try recognizer.predict(samples: samples)
        #expect(abs(result.seconds - 2 * pause - 2) < 1e-6)
        let share = try #require(result.speech)
        #expect(abs(share - 2 / result.seconds) < 0.5 / result.seconds)
        let alone = try #require(try recognizer.predict(samples: words).scores)
        let scores = try #require(result.scores)
        #expect(
            scores.argmax == alone.argmax && abs(scores[alone.argmax] - alone[alone.argmax]) < 0.15,
            "\(scores) \(alone)")
        let authors = try #require(try whole.get().predict(samples: samples).scores)
        #expect(
            abs(authors[alone.argmax] - alone[alone.argmax]) > 0.15, "the pause changes what is read whole: \(authors)")
    }

    /// A pause of many windows among speech is left out; the windows of speech are weighted by their lengths.
    @Test func windowsWithoutSpeechAreLeftOut() throws {
        let recognizer = try recognizer.get()
        let (first, last) = (try speech(13, from: 0), try speech(13, from: 30))
        let apart = try recognizer.predict(samples: first + silence(39) + last)
        // What was heard before changes the detector's state a little, but not which windows are read.
        let (one, two) = (try recognizer.predict(samples: first), try recognizer.predict(samples: last))
        for emotion in Emotion.allCases {
            let parts: [Float] = try [#require(one.logits)[emotion], #require(two.logits)[emotion]]
            let logit: Float = try #require(apart.logits)[emotion]
            #expect(abs(logit - (parts[0] + parts[1]) / 2) < 1e-3)
        }
        #expect(apart.seconds == 65)
    }

    @Test func aFileGivesWhatItsSamplesGiveAloneAndAmongOthers() throws {
        let recognizer = try recognizer.get()
        let late = try hiss(9, 0.0005) + speech(1.5, from: 57.9)
        let sounds = try [speech(3), silence(4), late, tone(3), speech(2, from: 20)]
        let paths = try sounds.map { try RecognitionTests.write($0) }
        defer { for path in paths { try? FileManager.default.removeItem(atPath: path) } }
        let together = try recognizer.predict(files: paths).map { try $0.get() }
        #expect(together.map(\.isSilence) == [false, true, false, true, false])
        for (path, result) in zip(paths, together) { #expect(try recognizer.predict(file: path) == result) }
    }

    @Test func whatIsWrongWithARecordingIsInItsResult() throws {
        let recognizer = try recognizer.get()
        let words = try speech(3)
        let plain = try recognizer.predict(samples: words)
        let loud = try recognizer.predict(samples: words.map { $0 * 32_768 })
        #expect(loud.warnings.map(\.kind) == [.integerScale] && loud.warnings[0].path == nil && plain.warnings.isEmpty)
        #expect(loud.logits == plain.logits)
        #expect(try recognizer.representation(samples: words.map { $0 * 32_768 }).warnings == loud.warnings)

        let path = try RecognitionTests.write(words)
        defer { try? FileManager.default.removeItem(atPath: path) }
        let data = try Data(contentsOf: URL(fileURLWithPath: path))
        try data.prefix(data.count - 32_000).write(to: URL(fileURLWithPath: path))
        let cut = try recognizer.predict(file: path)
        #expect(cut.warnings.map(\.kind) == [.brokenOff] && cut.warnings[0].losesSound && cut.warnings[0].path == path)
        #expect(abs(cut.seconds - 2) < 0.01 && cut.scores != nil)
        try data.prefix(44).write(to: URL(fileURLWithPath: path))
        #expect(throws: RecognitionError.self) { try recognizer.predict(file: path) }
    }
}
