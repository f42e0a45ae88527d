import EmotionCore
import Testing

@testable import EmotionStream

@Suite struct WindowSegmenterTests {
    /// Every other chunk of 5 samples is speech, for samples that are their own indices.
    private func segmenter(length: Int = 30, hop: Int = 10, origin: Int = 0) -> WindowSegmenter {
        WindowSegmenter(
            length: length, hop: hop, origin: origin,
            speech: SpeechTrack(chunk: 5, threshold: 0.5, origin: origin, history: length) { chunk in
                Int(chunk[0] / 5) % 2 == 1 ? 1 : 0
            }
        )
    }

    private func samples(_ range: Range<Int>) -> [Float] { range.map(Float.init) }

    @Test(arguments: [1, 3, 7, 10, 64])
    func windowsDependOnIndicesAloneNotOnBlocks(block: Int) {
        var segmenter = segmenter(origin: 100)
        var windows: [Window] = []
        for start in stride(from: 100, to: 195, by: block) {
            windows += segmenter.append(samples(start..<min(195, start + block))[...])
        }
        if let last = segmenter.finish() { windows.append(last) }
        #expect(windows.map(\.start) == [100, 110, 120, 130, 140, 150, 160, 165])
        #expect(windows.map(\.end) == [130, 140, 150, 160, 170, 180, 190, 195])
        for window in windows {
            #expect(window.samples == samples(window.start..<window.end))
            #expect(window.speech == 0.5 || (window.start % 10 != 0 && window.speech > 0.3))
        }
    }

    @Test func aSourceThatEndsOnAWindowGivesNoSecondOne() {
        var segmenter = segmenter()
        #expect(segmenter.append(samples(0..<40)[...]).count == 2)
        #expect(segmenter.finish() == nil)
    }

    @Test func aSourceShorterThanAWindowIsOneWindow() {
        var segmenter = segmenter()
        #expect(segmenter.append(samples(0..<12)[...]).isEmpty)
        let window = segmenter.finish()
        #expect(window?.samples == samples(0..<12))
        #expect(segmenter.finish() == nil)
    }

    @Test func anEmptySourceIsNoWindow() {
        var segmenter = segmenter()
        #expect(segmenter.finish() == nil)
    }

    @Test func theSpeechShareHoldsOverALongStream() {
        var segmenter = segmenter()
        let windows = (0..<2000).flatMap { segmenter.append(samples($0 * 10..<$0 * 10 + 10)[...]) }
        #expect(windows.count == 1998)
        #expect(windows.allSatisfy { $0.speech == 0.5 })
        #expect(windows.allSatisfy { $0.spoken == [5..<10, 15..<20, 25..<30] })
    }

    private let second = AudioFormat.samples(1)

    /// Windows of 3 s, one every second; a chunk of 0.1 s is speech where it begins with a 1.
    private func listener(origin: Int) -> WindowSegmenter {
        WindowSegmenter(
            length: 3 * second, hop: second, origin: origin,
            speech: SpeechTrack(chunk: second / 10, threshold: 0.5, origin: origin, history: 3 * second) { $0[0] })
    }

    /// Speech up to 2.4 s, then a pause, then a word from 6 s on.
    @Test func recentSpeechIsThatOfTheNewestSecond() {
        var segmenter = listener(origin: 0)
        let sound = { (at: Int) in Float(at < 24 * second / 10 || at >= 6 * second ? 1 : 0) }
        var windows = segmenter.append((0..<13 * second / 2).map(sound)[...])
        if let last = segmenter.finish() { windows.append(last) }
        #expect(windows.map { $0.end * 2 / second } == [6, 8, 10, 12, 13])
        #expect(windows.map(\.recentSpeech) == [0.8, 0, 0, 0, 0.5], "all of the first window, else its newest second")
        #expect(
            windows.map(\.speech).prefix(2) == [0.8, Float(14) / 30],
            "the window still holds the words before the pause")
    }

    @Test func theRecentSpeechOfAShortRecordingIsThatOfAllOfIt() {
        var segmenter = listener(origin: 7)
        _ = segmenter.append((0..<2 * second).map { $0 < second / 2 ? 1 : 0 }[...])
        #expect(segmenter.finish()?.recentSpeech == 0.25)
    }

    @Test func spokenStretchesAreJoinedChunksInsideTheWindow() {
        let speech: [Float] = [1, 1, 0, 1, 1, 1]
        var segmenter = WindowSegmenter(
            length: 28, hop: 2, origin: 100,
            speech: SpeechTrack(chunk: 5, threshold: 0.5, origin: 100, history: 28) { speech[Int($0[0] - 100) / 5] })
        let windows = segmenter.append(samples(100..<130)[...])
        #expect(windows.map(\.spoken) == [[0..<10, 15..<25], [3..<8, 13..<28]], "only whole chunks count")
    }
}

extension Window: Equatable {
    public static func == (a: Window, b: Window) -> Bool {
        a.start == b.start && a.end == b.end && a.samples == b.samples
    }
}

@Suite struct SpeechGateTests {
    /// The windows that are read with both thresholds at 0.1.
    @Test(arguments: [
        (speech: 0.5, recent: 0.1, isRead: true), (0.1, 0.5, true), (0.5, 0.09, false), (0.5, 0, false),
        (0.09, 0.3, false),
    ])
    func aWindowIsReadOnlyIfBothSharesReachTheirThresholds(speech: Float, recent: Float, isRead: Bool) {
        var settings = SessionSettings()
        settings.minimumSpeech = 0.1
        settings.minimumRecentSpeech = 0.1
        #expect(settings.isSpeech(window(speech, recent)) == isRead)
    }

    @Test func withoutThresholdsOnlyAWindowWithoutAnySpeechIsSilence() {
        var settings = SessionSettings()
        settings.minimumSpeech = 0
        settings.minimumRecentSpeech = 0
        #expect(settings.isSpeech(window(0.01, 0)))
        #expect(!settings.isSpeech(window(0, 0)))
    }

    private func window(_ speech: Float, _ recent: Float) -> Window {
        Window(
            start: 0, end: 10, samples: [], speech: speech, recentSpeech: recent, spoken: [], voices: [], level: -30)
    }
}
