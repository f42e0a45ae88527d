import EmotionCore
import Testing

@testable import EmotionStream

/// Whose a window is, and what of it the network reads.
@Suite struct WindowSpeakerTests {
    private let length = 48_000

    /// A window with stretches of speech: their voices, with their starts and ends in seconds.
    private func window(_ stretches: [(Int?, Double, Double)], shared: Bool = false) -> Window {
        window(
            stretches.map { voice, start, end in
                SpeakerStretch(
                    range: AudioFormat.samples(start)..<AudioFormat.samples(end), voice: voice, isShared: shared)
            })
    }

    private func window(_ voices: [SpeakerStretch]) -> Window {
        Window(
            start: 0, end: length, samples: [Float](repeating: 0, count: length), speech: 1, recentSpeech: 1,
            spoken: voices.map(\.range), voices: voices, level: -30)
    }

    private func seconds(_ ranges: [Range<Int>]) -> [ClosedRange<Double>] {
        ranges.map { AudioFormat.seconds($0.lowerBound)...AudioFormat.seconds($0.upperBound) }
    }

    @Test func aWindowIsTheNewestSpeakersWithASecondOfSpeech() throws {
        for (stretches, expected) in [
            ([(0, 0, 1.5), (1, 1.5, 3)], 1), ([(0, 0, 2), (1, 2, 3)], 1), ([(0, 0, 2.1), (1, 2.1, 3)], 0),
            ([(0, 0, 1), (1, 1, 2), (2, 2, 2.9)], 1),
            // The second may have pauses.
            ([(1, 0, 0.5), (0, 0.5, 2), (1, 2.4, 2.9)], 1),
        ] as [([(Int?, Double, Double)], Int)] {
            let speaker = try #require(WindowSpeaker(window(stretches)))
            #expect(speaker.voice == expected && !speaker.isAlone && !speaker.isShared, "\(stretches)")
        }
    }

    @Test func whereNobodyHasASecondItIsTheOnesWhoHasMost() throws {
        for (stretches, expected) in [
            ([(0, 0, 0.9), (1, 2.5, 3)], 0), ([(0, 0.2, 0.5), (1, 2, 2.9)], 1),
            // Of two alike, the newer one.
            ([(0, 0, 0.5), (1, 1, 1.5)], 1), ([(nil, 0, 2.5), (1, 2.5, 3)], 1),
        ] as [([(Int?, Double, Double)], Int)] {
            #expect(try #require(WindowSpeaker(window(stretches))).voice == expected, "\(stretches)")
        }
        #expect(WindowSpeaker(window([])) == nil && WindowSpeaker(window([(nil, 0, 3)])) == nil)
    }

    @Test func whoeverSpeaksInAllOfTheWindowIsAlone() throws {
        let alone = try #require(WindowSpeaker(window([(1, 0, 1), (1, 2, 3)])))
        #expect(alone.isAlone && alone.length == 32_000)
        #expect(try !#require(WindowSpeaker(window([(1, 0, 2), (nil, 2, 3)]))).isAlone)
    }

    @Test func aWindowIsOfTwoIfMostOfItsNewestSecondOfSpeechIs() throws {
        let stretch = { (start: Int, end: Int, isShared: Bool) in
            SpeakerStretch(range: start * 1600..<end * 1600, voice: 0, isShared: isShared)
        }
        for (stretches, expected) in [
            ([stretch(0, 30, true)], true), ([stretch(0, 24, false), stretch(24, 30, true)], true),
            ([stretch(0, 26, false), stretch(26, 30, true)], false),
            ([stretch(0, 20, true), stretch(20, 30, false)], false),
            // A pause does not count.
            ([stretch(0, 5, false), stretch(6, 12, true)], true),
        ] {
            #expect(try #require(WindowSpeaker(window(stretches))).isShared == expected, "\(stretches)")
        }
    }

    @Test func thePartsOfASpeakerKeepTheirPausesOrNot() throws {
        let window = window([(0, 0.5, 1), (1, 1, 1.6), (0, 1.7, 2), (0, 2.6, 2.8)])
        let speaker = try #require(WindowSpeaker(window))
        #expect(speaker.voice == 0)
        #expect(
            seconds(speaker.parts(of: window, keepsPauses: false)) == [0.35...1, 1.6...2.15, 2.45...2.95])
        #expect(seconds(speaker.parts(of: window, keepsPauses: true)) == [0.35...1, 1.6...2.95])
    }

    /// Windows of any speakers in any turns.
    @Test func thePartsHoldTheSpeakersWordsAndNobodyElses() {
        var chance = SystemRandomNumberGenerator()
        for _ in 0..<2000 {
            var stretches: [SpeakerStretch] = []
            var position = Int.random(in: 0...5, using: &chance)
            while position < 93 {
                let end = min(93, position + Int.random(in: 1...25, using: &chance))
                let voice = [nil, 0, 1, 2].randomElement(using: &chance) ?? nil
                stretches.append(SpeakerStretch(range: position * 512..<end * 512, voice: voice))
                position = end + max(0, Int.random(in: -4...12, using: &chance))
            }
            let window = window(stretches)
            guard let speaker = WindowSpeaker(window) else {
                #expect(stretches.allSatisfy { $0.voice == nil })
                continue
            }
            let own = stretches.filter { $0.voice == speaker.voice }.map(\.range)
            let others = stretches.filter { $0.voice != speaker.voice }.map(\.range)
            let kinds = [false, true].map { speaker.parts(of: window, keepsPauses: $0) }
            for parts in kinds {
                #expect(zip(parts, parts.dropFirst()).allSatisfy { $0.upperBound <= $1.lowerBound }, "\(parts)")
                #expect(own.allSatisfy { range in parts.contains { $0.contains(range) } }, "\(stretches): \(parts)")
                #expect(!others.contains { range in parts.contains { $0.overlaps(range) } }, "\(stretches): \(parts)")
                #expect(parts.allSatisfy { (0..<length).contains($0) })
            }
            #expect(kinds[0].allSatisfy { part in kinds[1].contains { $0.contains(part) } }, "\(stretches): \(kinds)")
        }
    }
}
