import EmotionCore
import Testing

@testable import EmotionStream

/// The speakers on one channel, with embeddings that are made up.
@Suite(.timeLimit(.minutes(2))) struct SpeakerTrackerTests {
    private typealias Voices = MadeUpVoices

    /// Chunks in a quarter second.
    private let quarter = 8

    private func tracker(
        _ count: SpeakerCount = .automatic, known: [KnownSpeaker] = [], history: Int = Int.max / 2,
        embedder: SpeakerEmbedder = Voices.embedder()
    ) -> SpeakerTracker {
        SpeakerTracker(count, known: known, chunk: Voices.chunk, history: history, embedder: embedder)
    }

    private func hear(_ samples: [Float], _ tracker: inout SpeakerTracker) {
        for start in stride(from: 0, through: samples.count - Voices.chunk, by: Voices.chunk) {
            let chunk = Array(samples[start..<start + Voices.chunk])
            tracker.append(chunk, isSpeech: Voices.isSpeech(chunk))
        }
    }

    /// The voice of each chunk of speech, and the start of the chunk.
    private func chunks(_ tracker: SpeakerTracker) -> [(start: Int, voice: Int?, isShared: Bool)] {
        tracker.stretches(in: 0..<Int.max).flatMap { stretch in
            stride(from: stretch.range.lowerBound, to: stretch.range.upperBound, by: Voices.chunk).map {
                ($0, stretch.voice, stretch.isShared)
            }
        }
    }

    /// Chunks whose voice is not the one that speaks in the middle of the chunk.
    private func wrong(_ tracker: SpeakerTracker, _ sound: [Float]) -> Int {
        chunks(tracker).count { Voices.voice(of: sound[$0.start + Voices.chunk / 2]) != $0.voice }
    }

    private func names(_ tracker: SpeakerTracker) -> [String] { tracker.voices.map(\.name) }

    @Test(arguments: [0, 0.5, 2])
    func twoVoicesInTurnsAreTwoLettersAndAChangeIsRightToAQuarterSecond(pause: Double) {
        let turns = [4.0, 5, 3, 2, 6].enumerated().map { Voices.talk($0.offset % 2, $0.element) }
        let sound = Array(turns.joined(separator: Voices.talk(nil, pause)))
        for count in [SpeakerCount.exactly(2), .exactly(5), .automatic] {
            var tracker = tracker(count)
            hear(sound, &tracker)
            tracker.finish()
            #expect(names(tracker) == ["A", "B"])
            let wrong = wrong(tracker, sound)
            #expect(wrong <= 4 * quarter, "\(wrong) chunks are another voice's")
            // What is given to one voice is taken from the other.
            let seconds = tracker.voices.map(\.seconds)
            #expect(abs(seconds[0] - 13) <= 1 && abs(seconds[1] - 7) <= 1, "\(seconds)")
            #expect(abs(seconds[0] + seconds[1] - 20) < 0.2)
        }
    }

    @Test func oneVoiceIsOneLetterAndPausesAreNobodys() {
        var tracker = tracker()
        #expect(tracker.current == nil && tracker.speaking == nil && tracker.voices.isEmpty)
        hear(Voices.talk(nil, 2) + Voices.talk(0, 3), &tracker)
        #expect(names(tracker) == ["A"] && tracker.speaking == 0)
        hear(Voices.talk(nil, 1), &tracker)
        #expect(tracker.speaking == nil && tracker.current == 0)
        let sound = Voices.talk(nil, 2) + Voices.talk(0, 3) + Voices.talk(nil, 1)
        #expect(wrong(tracker, sound) == 0 && chunks(tracker).count == 94)
    }

    @Test func aThirdVoiceBeyondTheLimitGoesToTheNearest() {
        var near = [Float](repeating: 0, count: SpeakerEmbedding.width)
        (near[0], near[1], near[2]) = (0.1, 0.4, 0.9)
        let sound = [0, 1, 0, 2].flatMap { Voices.talk($0, 4) }
        for (count, expected) in [(2, ["A", "B"]), (3, ["A", "B", "C"])] {
            var tracker = tracker(.exactly(count), embedder: Voices.embedder(directions: [2: near]))
            hear(sound, &tracker)
            tracker.finish()
            #expect(names(tracker) == expected)
            #expect(tracker.current == count - 1, "voice 1 is the nearest of two")
            #expect(chunks(tracker).suffix(60).allSatisfy { $0.voice == count - 1 })
        }
    }

    @Test func fourVoicesAreTheMostThatAreFound() {
        var tracker = tracker()
        hear((0..<5).flatMap { Voices.talk($0, 3) }, &tracker)
        #expect(names(tracker) == ["A", "B", "C", "D"])
    }

    @Test func aVoiceThatComesBackKeepsItsLetter() {
        var tracker = tracker()
        let sound =
            [0, 1, 2].flatMap { Voices.talk($0, 4) } + Voices.talk(nil, 60)
            + [1, 0, 2].flatMap { Voices.talk($0, 4) }
        hear(sound, &tracker)
        tracker.finish()
        #expect(names(tracker) == ["A", "B", "C"] && wrong(tracker, sound) <= 5 * quarter)
    }

    @Test func aSpeakerWhoIsKnownHasHisNameAndLettersSkipNamesThatAreTaken() {
        var tracker = tracker(.exactly(4), known: [Voices.known("B", 2), Voices.known("anna", 0)])
        #expect(names(tracker) == ["B", "anna"] && tracker.voices.allSatisfy { $0.seconds == 0 })
        let sound = [1, 0, 3, 2].flatMap { Voices.talk($0, 4) }
        hear(sound, &tracker)
        tracker.finish()
        #expect(names(tracker) == ["B", "anna", "A", "C"])
        let spoken = [4, 8, 12, 16].map { second in
            chunks(tracker).last { $0.start < AudioFormat.samples(second - 0.5) }?.voice.map { tracker.name(of: $0) }
        }
        #expect(spoken == ["A", "anna", "C", "B"])
    }

    /// The rows before a voice got another name, or was merged, still have its letter.
    @Test func aLetterIsNotGivenTwice() {
        var tracker = tracker(embedder: Voices.embedder(directions: [1: Voices.alike(0, 1)]))
        hear(Voices.talk(0, 3), &tracker)
        #expect(tracker.rename("A", to: "Zoë") == 0)
        hear(Voices.talk(1, 3), &tracker)
        #expect(names(tracker) == ["Zoë", "B"])
        #expect(tracker.merge("B", into: "Zoë") == VoiceMerger(merged: 1, kept: 0))
        hear(Voices.talk(2, 3), &tracker)
        #expect(names(tracker) == ["Zoë", "C"])
    }

    @Test func aSingleOddEmbeddingMakesNoNewVoice() throws {
        let strange = try (100...101).map { try #require(Voices.axis($0)) }
        for (odd, expected) in [
            ([9: strange[0]], ["A"]), ([9: strange[0], 10: strange[1]], ["A"]),
            ([9: strange[0], 11: strange[0]], ["A"]),
            // Two alike in a row are a voice.
            ([9: strange[0], 10: strange[0]], ["A", "B"]),
        ] {
            var tracker = tracker(embedder: Voices.embedder(odd: odd))
            let sound = Voices.talk(0, 8)
            hear(sound, &tracker)
            tracker.finish()
            #expect(names(tracker) == expected)
            if expected == ["A"] { #expect(wrong(tracker, sound) == 0 && chunks(tracker).count == 250) }
        }
    }

    @Test func speechOfTwoAtOnceIsMarkedAndAChangeOfTurnIsNot() {
        let (before, together) = (3 + 3 + 3.0, 3.0)
        let sound =
            [0, 1, 0].flatMap { Voices.talk($0, 3) } + Voices.both(0, 1, together)
            + [1, 0].flatMap { Voices.talk($0, 3) }
        var tracker = tracker(.exactly(2))
        hear(sound, &tracker)
        tracker.finish()
        let shared = chunks(tracker).filter(\.isShared).map { AudioFormat.seconds($0.start) }
        #expect(shared.count >= 2 * 4 * quarter, "\(shared.count) chunks of \(12 * quarter)")
        #expect(shared.allSatisfy { $0 > before - 0.5 && $0 < before + together + 0.5 }, "\(shared)")
    }

    @Test func oneOfTwoThatAreMergedTakesTheOthersSpeech() {
        var tracker = tracker()
        let sound = [0, 1, 2, 1].flatMap { Voices.talk($0, 4) }
        hear(sound, &tracker)
        let seconds = tracker.voices.map(\.seconds)
        #expect(tracker.current == 1)
        #expect(tracker.merge("B", into: "A") == VoiceMerger(merged: 1, kept: 0))
        #expect(names(tracker) == ["A", "C"] && tracker.current == 0)
        #expect(tracker.voices[0].seconds == seconds[0] + seconds[1])
        #expect(Set(chunks(tracker).map(\.voice)) == [0, 2])
        hear([2, 1].flatMap { Voices.talk($0, 3) }, &tracker)
        #expect(names(tracker) == ["A", "C"] && tracker.current == 0, "voice 1 is known to be A")
        #expect(tracker.merge("B", into: "A") == nil && tracker.merge("A", into: "A") == nil)
        #expect(tracker.merge("A", into: "D") == nil)
    }

    @Test func aNameIsOneVoices() {
        var tracker = tracker()
        hear([0, 1].flatMap { Voices.talk($0, 3) }, &tracker)
        #expect(tracker.rename("A", to: "B") == nil && tracker.rename("C", to: "D") == nil)
        #expect(tracker.rename("B", to: "Zoë") == 1 && names(tracker) == ["A", "Zoë"])
        hear([0, 1].flatMap { Voices.talk($0, 3) }, &tracker)
        #expect(names(tracker) == ["A", "Zoë"] && tracker.name(of: 1) == "Zoë")
    }

    @Test func resultsDoNotDependOnHowTheSamplesAreCut() {
        let sound = [0, 1, 0, 2].flatMap { Voices.talk($0, 3.3) + Voices.talk(nil, 0.4) }
        let runs = [512, 1600, 333, 16_000].map { block -> (stretches: [SpeakerStretch], seconds: [Double]) in
            var track = SpeechTrack(
                chunk: Voices.chunk, threshold: 0.5, origin: 0, history: 48_000, speakers: tracker(),
                detector: { Voices.isSpeech($0) ? 1 : 0 })
            for start in stride(from: 0, to: sound.count, by: block) {
                track.append(sound[start..<min(sound.count, start + block)])
            }
            let seconds = track.speakers?.voices.map(\.seconds)
            return (track.speakers?.stretches(in: 0..<Int.max) ?? [], seconds ?? [])
        }
        #expect(runs[0].seconds.count == 3)
        for run in runs { #expect(run.stretches == runs[0].stretches && run.seconds == runs[0].seconds) }
    }

    @Test func anotherSourceKeepsTheVoices() {
        var tracker = tracker()
        hear([0, 1].flatMap { Voices.talk($0, 3) }, &tracker)
        let seconds = tracker.voices.map(\.seconds)
        tracker.beginSource()
        #expect(tracker.stretches(in: 0..<Int.max) == [] && tracker.speaking == nil)
        #expect(abs(tracker.voices[1].seconds - seconds[1] - 0.5) < 0.1, "the newest half second was not decided")
        let sound = [1, 0].flatMap { Voices.talk($0, 3) }
        hear(sound, &tracker)
        tracker.finish()
        #expect(names(tracker) == ["A", "B"] && wrong(tracker, sound) <= quarter)
    }

    /// Speech that is never like itself is nobody's, and takes no memory.
    @Test func speechThatNobodyIsFoundForIsForgotten() throws {
        let embeddings = try (0..<800).map { try #require(Voices.axis(10 + $0 % 200)) }
        let odd = Dictionary(
            uniqueKeysWithValues: embeddings.enumerated().dropFirst(10).map { ($0.offset, $0.element) })
        var tracker = tracker(history: 48_000, embedder: Voices.embedder(odd: odd))
        hear(Voices.talk(0, 190), &tracker)
        #expect(names(tracker) == ["A"] && tracker.voices[0].seconds < 4)
        #expect(chunks(tracker).count < 1200, "32 s between two looks, and 3 s that are asked for")
        hear(Voices.talk(0, 20), &tracker)
        #expect(tracker.voices[0].seconds < 60 && chunks(tracker).last?.voice == 0)
    }
}
