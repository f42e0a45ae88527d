import EmotionCore
import Glibc
import Testing

@Suite struct EmotionScoresTests {
    private let scores = EmotionScores(angry: 0.25, happy: 0.5, neutral: 0.125, sad: 0.125)

    @Test func eachEmotionHasItsNumber() {
        #expect(Emotion.allCases.map { scores[$0] } == scores.values)
        #expect(Emotion.allCases.map(\.index) == [0, 1, 2, 3])
        #expect(EmotionScores { Float($0.index) }.values == [0, 1, 2, 3])
    }

    @Test func argmaxIsTheFirstOfEqualOnes() {
        #expect(scores.argmax == .happy)
        #expect(EmotionScores().argmax == .angry)
    }

    @Test func softmaxGivesProbabilitiesThatSumToOne() {
        let probabilities = EmotionScores(angry: 1000, happy: 1000, neutral: 999, sad: -1000).softmax
        #expect(abs(probabilities.values.reduce(0, +) - 1) < 1e-6)
        #expect(probabilities.angry == probabilities.happy && probabilities.sad == 0)
        #expect(abs(probabilities.neutral / probabilities.angry - 0.36787944) < 1e-6)
    }

    @Test func whatIsNoNumberIsNotFinite() {
        #expect(scores.isFinite && !EmotionScores(sad: .nan).isFinite && !EmotionScores(happy: .infinity).isFinite)
    }
}

@Suite struct DecisionTests {
    private let scores = EmotionScores(angry: 0.25, happy: 0.5, neutral: 0.125, sad: 0.125)

    @Test func belowTheThresholdNoEmotionIsNamed() {
        #expect(Decision(scores, unsureBelow: 0) == .emotion(.happy))
        #expect(Decision(scores, unsureBelow: 0.5) == .emotion(.happy), "the threshold itself is enough")
        #expect(Decision(scores, unsureBelow: 0.501) == .unsure)
        #expect(Decision(EmotionScores(), unsureBelow: 0) == .emotion(.angry))
        #expect(Decision.emotion(.sad).word == "sad" && Decision.unsure.word == "unsure")
        #expect(Decision.emotion(.sad).emotion == .sad && Decision.unsure.emotion == nil)
    }
}

@Suite struct PrintableTextTests {
    @Test func controlCharactersAreReplaced() {
        #expect(printable("esc\u{1B}[31mred\n") == "esc\u{FFFD}[31mred\u{FFFD}")
        #expect(printable("\u{202E}fdp.exe\u{9B}") == "\u{FFFD}fdp.exe\u{FFFD}")
        #expect(printable("größe 😀 日本") == "größe 😀 日本")
    }
}

@Suite(.serialized) struct WallTimeTests {
    /// 2026-03-01 08:30:12.345 UTC.
    private let time = WallTime(nanoseconds: 1_772_353_812_345_678_901)

    /// Runs `body` with `TZ` set to `zone` in POSIX notation, whose sign is that of UTC minus local time.
    private func inZone<Result>(_ zone: String, _ body: () -> Result) -> Result {
        let before = getenv("TZ").map { String(cString: $0) }
        setenv("TZ", zone, 1)
        tzset()
        defer {
            if let before { setenv("TZ", before, 1) } else { unsetenv("TZ") }
            tzset()
        }
        return body()
    }

    @Test(arguments: [
        ("UTC0", "2026-03-01T08:30:12.345+00:00", "20260301-083012"),
        ("CET-1", "2026-03-01T09:30:12.345+01:00", "20260301-093012"),
        ("IST-5:30", "2026-03-01T14:00:12.345+05:30", "20260301-140012"),
        ("NST3:30", "2026-03-01T05:00:12.345-03:30", "20260301-050012"),
        ("XXX12", "2026-02-28T20:30:12.345-12:00", "20260228-203012"),
    ])
    func localTimeCarriesItsOffset(zone: String, iso: String, stamp: String) {
        #expect(inZone(zone) { time.iso8601 } == iso)
        #expect(inZone(zone) { time.fileStamp } == stamp)
    }

    @Test func advancesBySeconds() {
        #expect(time.advanced(seconds: -0.25).nanoseconds == time.nanoseconds - 250_000_000)
    }

    @Test func theMonotonicClockDoesNotGoBackAndSleepsAsLongAsAsked() {
        let start = Clock.now
        Clock.sleep(milliseconds: 20)
        #expect(Clock.now - start >= 20_000_000)
    }
}

@Suite struct FixedDecimalTests {
    @Test(arguments: [
        (0.0, 3, "0.000"), (1.0005, 3, "1.001"), (-1.25, 1, "-1.3"), (-0.0001, 3, "0.000"), (0.05, 2, "0.05"),
        (12.5, 0, "13"), (123_456.789, 2, "123456.79"), (.nan, 2, ""), (.infinity, 2, ""), (1e18, 1, ""),
    ])
    func hasItsPlacesAndAPoint(value: Double, places: Int, text: String) {
        #expect(value.fixed(places) == text)
    }
}

@Suite struct AudioFormatTests {
    @Test func secondsAndSamplesAreInverse() {
        #expect(AudioFormat.samples(0.5) == 8_000 && AudioFormat.seconds(8_000) == 0.5)
        #expect(AudioFormat.samples(0.15) == 2_400, "rounded to the nearest, not down")
    }
}

@Suite struct LockedTests {
    /// Without the lock, increments of two threads would overwrite one another.
    @Test func oneThreadAtATimeHasTheValue() async {
        let count = Locked(0)
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<4 {
                group.addTask { for _ in 0..<50_000 { count.withLock { $0 += 1 } } }
            }
        }
        #expect(count.withLock { $0 } == 200_000)
    }

    @Test func anErrorReleasesTheLock() {
        struct Refusal: Error {}
        let value = Locked(1)
        #expect(throws: Refusal.self) { try value.withLock { _ in throw Refusal() } }
        #expect(value.withLock { $0 } == 1)
    }

    @Test func aValueThatIsNotSendableCanBeTakenOut() {
        final class Box { var number = 7 }
        let box = Locked<Box?>(Box())
        let first = box.withLock { $0.take() }
        let second = box.withLock { $0.take() }
        #expect(first?.number == 7 && second == nil)
    }
}

@Suite struct WallTimeReadingTests {
    @Test func aTimeReadsBack() {
        for nanoseconds in [0, 1_767_225_600_123_000_000, 951_782_400_000_000_000, 1_709_208_000_999_000_000] {
            let time = WallTime(nanoseconds: nanoseconds)
            #expect(WallTime(iso8601: time.iso8601) == time, "\(time.iso8601)")
        }
        let utc = WallTime(nanoseconds: 1_709_164_800_000_000_000)
        for text in ["2024-02-29T00:00:00Z", "2024-02-29T01:30:00.0+01:30", "2024-02-28T19:00:00.000-05:00"] {
            #expect(WallTime(iso8601: text) == utc, "\(text)")
        }
        for text in ["", "2024-02-29", "2024-02-29 00:00:00Z", "2024-13-01T00:00:00Z", "2024-02-29T24:00:00Z", "x"] {
            #expect(WallTime(iso8601: text) == nil, "\(text)")
        }
    }
}
