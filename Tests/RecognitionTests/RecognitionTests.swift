import EmotionRecognition
import Foundation
import Testing

/// The public interface as another package uses it: nothing here is `@testable`.
@Suite(.timeLimit(.minutes(2))) struct RecognitionTests {
    static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()
    static let sample = root.appendingPathComponent("Samples/conversation.flac").path
    static let encoder = root.appendingPathComponent("Tests/ModelTests/Goldens/tiny-encoder.safetensors").path

    /// A vowel-like sound of some harmonics, in ±1.
    static func voice(seconds: Double, rate: Int = 16_000) -> [Float] {
        (0..<Int(seconds * Double(rate))).map { index -> Float in
            let time = Double(index) / Double(rate)
            let pitch: Double = 150 + 20 * sin(6 * Double.pi * time)
            var sum = 0.0
            for harmonic in 1...5 {
                let order = Double(harmonic)
                sum += sin(2 * Double.pi * pitch * order * time) / order
            }
            return Float(sum / 5)
        }
    }

    /// Writes a 16-bit mono WAV file.
    static func write(_ samples: [Float], rate: Int = 16_000) throws -> String {
        func bytes<Value: FixedWidthInteger>(_ value: Value) -> Data {
            withUnsafeBytes(of: value.littleEndian) { Data($0) }
        }
        let body = samples.reduce(into: Data()) { $0 += bytes(Int16(($1 * 32767).rounded())) }
        var file = Data("RIFF".utf8) + bytes(UInt32(36 + body.count)) + Data("WAVEfmt ".utf8)
        file += bytes(UInt32(16)) + bytes(UInt16(1)) + bytes(UInt16(1)) + bytes(UInt32(rate))
        file += bytes(UInt32(2 * rate)) + bytes(UInt16(2)) + bytes(UInt16(16)) + Data("data".utf8)
        file += bytes(UInt32(body.count)) + body
        let path = NSTemporaryDirectory() + "recognition-\(UUID().uuidString).wav"
        try file.write(to: URL(fileURLWithPath: path))
        return path
    }

    static func largestDifference(_ a: [Float], _ b: [Float]) -> Float {
        a.count == b.count ? zip(a, b).map { abs($0 - $1) }.max() ?? 0 : .infinity
    }

    @Test func aFileGivesScoresDecisionAndRepresentation() throws {
        let recognizer = try EmotionRecognizer(precision: .fp32)
        let result = try recognizer.predict(file: Self.sample)
        #expect(abs(result.seconds - 64.6) < 3)
        let scores = try #require(result.scores)
        #expect(abs(scores.values.reduce(0, +) - 1) < 1e-5 && scores == result.logits?.softmax)
        #expect(result.label == scores.argmax && !result.isSilence)
        #expect(result.unsureBelow == 0.6)
        #expect(result.decision == Decision(scores, unsureBelow: 0.6))
        #expect(result.warnings.isEmpty)
        #expect(try #require(result.speech) > 0.5)
        let representation = try #require(result.representation)
        #expect(representation.count == recognizer.representationWidth && !representation.isEmpty)
        let alone = try recognizer.representation(file: Self.sample)
        #expect(Self.largestDifference(try #require(alone.vector), representation) < 1e-3)
        #expect(alone.seconds == result.seconds && alone.speech == result.speech && alone.warnings.isEmpty)
    }

    @Test func samplesGiveWhatTheirFileGivesAtAnyRate() throws {
        let recognizer = try EmotionRecognizer(precision: .fp32, usesVoiceActivity: false)
        for (rate, seconds) in [(16_000, 2.0), (16_000, 14.5), (44_100, 3.3), (8_000, 4.0)] {
            let exact = Self.voice(seconds: seconds, rate: rate).map { ($0 * 32767).rounded() / 32768 }
            let path = try Self.write(exact.map { $0 * 32768 / 32767 }, rate: rate)
            defer { try? FileManager.default.removeItem(atPath: path) }
            let fromFile = try recognizer.predict(file: path)
            let fromSamples = try recognizer.predict(samples: exact, sampleRate: rate)
            #expect(abs(fromFile.seconds - seconds) < 0.01 && abs(fromSamples.seconds - seconds) < 0.01, "\(rate)")
            let logits = (try #require(fromFile.logits).values, try #require(fromSamples.logits).values)
            #expect(Self.largestDifference(logits.0, logits.1) < 1e-3, "\(rate) \(seconds)")
            let alone = try #require(try recognizer.representation(samples: exact, sampleRate: rate).vector)
            #expect(Self.largestDifference(alone, try #require(fromSamples.representation)) < 1e-3)
            #expect(fromFile.speech == nil && fromSamples.speech == nil)
        }
    }

    @Test func aLongClipIsTheMeanOfItsPiecesByLength() throws {
        let recognizer = try EmotionRecognizer(precision: .fp32, usesVoiceActivity: false)
        let voice = Self.voice(seconds: 17)
        let whole = try recognizer.predict(samples: voice)
        let head = try recognizer.predict(samples: Array(voice[..<208_000]))
        let tail = try recognizer.predict(samples: Array(voice[208_000...]))
        for emotion in Emotion.allCases {
            let parts: [Float] = try [#require(head.logits)[emotion], #require(tail.logits)[emotion]]
            let expected: Float = (13 * parts[0] + 4 * parts[1]) / 17
            let logit: Float = try #require(whole.logits)[emotion]
            #expect(abs(logit - expected) < 1e-4)
        }
        let vectors: [[Float]] = try [#require(head.representation), #require(tail.representation)]
        let mean: [Float] = zip(vectors[0], vectors[1]).map { (13 * $0 + 4 * $1) / 17 }
        #expect(Self.largestDifference(try #require(whole.representation), mean) < 1e-4)
    }

    @Test(arguments: [1, 3]) func filesKeepTheirOrderAndOneThatFailsDoesNotStopTheOthers(threads: Int) throws {
        let recognizer = try EmotionRecognizer(threads: threads, usesVoiceActivity: false)
        var files = try (1...9).map { try Self.write(Self.voice(seconds: Double($0) / 2)) }
        defer { for file in files { try? FileManager.default.removeItem(atPath: file) } }
        files.insert("/missing.wav", at: 4)
        let results = recognizer.predict(files: files)
        #expect(results.count == files.count)
        for (index, file) in files.enumerated() where index != 4 {
            #expect(try results[index].get() == recognizer.predict(file: file), "\(index)")
        }
        #expect(throws: RecognitionError.self) { try results[4].get() }
        #expect(recognizer.predict(files: []).isEmpty)
    }

    @Test func anErrorOfTheReceiverEndsTheWork() throws {
        struct Stop: Error {}
        let path = try Self.write(Self.voice(seconds: 3))
        defer { try? FileManager.default.removeItem(atPath: path) }
        let recognizer = try EmotionRecognizer(threads: 2)
        var received = 0
        #expect(throws: Stop.self) {
            try recognizer.predict(files: Array(repeating: path, count: 40)) { _, _ throws(Stop) in
                received += 1
                if received == 3 { throw Stop() }
            }
        }
        #expect(received == 3)
    }

    @Test func weightsAreChosenByNameOrPath() throws {
        let open = try EmotionRecognizer(weights: "open")
        #expect(open.weightsPath.hasSuffix("emoscope-open.safetensors"))
        let path = Self.root.appendingPathComponent("Weights/emoscope.safetensors").path
        #expect(try EmotionRecognizer(weights: path).weightsPath == path)
        let error = #expect(throws: RecognitionError.self) { try EmotionRecognizer(weights: "closed") }
        #expect(error?.kind == .weights && error?.problem.contains("there are: open") == true)
        #expect(throws: RecognitionError.self) { try EmotionRecognizer(weights: "/nowhere.safetensors") }
    }

    @Test func anEncoderWithoutAHeadRepresentsAndNamesNoEmotion() throws {
        let recognizer = try EmotionRecognizer(weights: Self.encoder, usesVoiceActivity: false)
        #expect(!recognizer.hasHead)
        let voice = Self.voice(seconds: 3)
        #expect(try recognizer.representation(samples: voice).vector?.count == recognizer.representationWidth)
        let error = #expect(throws: RecognitionError.self) { try recognizer.predict(samples: voice) }
        #expect(error?.kind == .weights)
    }

    @Test func errorsSayWhatTheyAreAbout() throws {
        let recognizer = try EmotionRecognizer()
        func kind(_ body: () throws -> RecognitionResult) -> RecognitionError.Kind? {
            #expect(throws: RecognitionError.self) { _ = try body() }?.kind
        }
        #expect(kind { try recognizer.predict(file: "/missing.wav") } == .recording)
        #expect(kind { try recognizer.predict(samples: []) } == .samples)
        #expect(kind { try recognizer.predict(samples: [0, .nan, 0]) } == .samples)
        #expect(kind { try recognizer.predict(samples: [0, 0], sampleRate: 500) } == .samples)
        #expect(kind { try recognizer.predict(samples: [0, 0], sampleRate: -1) } == .samples)
        let headless = try EmotionRecognizer(weights: Self.encoder)
        #expect(
            kind { try headless.predict(samples: [Float](repeating: 0, count: 48_000)) } == .weights, "also for silence"
        )
    }

    /// Several threads at once: each gets the result that it gets alone.
    @Test func threadsMayShareARecognizer() async throws {
        let recognizer = try EmotionRecognizer(usesVoiceActivity: false)
        let voices = (1...4).map { Self.voice(seconds: 2 + Double($0) / 4) }
        let alone = try voices.map { try recognizer.predict(samples: $0) }
        try await withThrowingTaskGroup(of: (Int, RecognitionResult).self) { group in
            for (index, voice) in voices.enumerated() {
                group.addTask { (index, try recognizer.predict(samples: voice)) }
            }
            for try await (index, result) in group { #expect(result == alone[index]) }
        }
    }
}
