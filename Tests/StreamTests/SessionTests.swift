import EmotionCore
import EmotionFiles
import Foundation
import Testing

@testable import EmotionStream

/// Collects the rows of a session.
final class Collector: RowSink {
    private let kept = Locked<[Row]>([])
    /// All rows, once no more come. ThreadSanitizer does not see that a shared array is copied before it is written.
    var rows: [Row] { kept.withLock { $0 } }
    func write(_ row: Row) { kept.withLock { $0.append(row) } }

    /// The number of rows, while more may come.
    var count: Int { kept.withLock { $0.count } }

    /// Whether a row has this status, while more may come.
    func holds(_ status: RowStatus) -> Bool { kept.withLock { $0.contains { $0.status == status } } }
}

/// Collects the samples of a session, except those of `refused`, which it refuses as a full disk does.
final class SampleCollector: AudioSink {
    let path = "collected.wav"
    private let refused: Range<Int>
    private let kept = Locked<(samples: [Float], position: Int)>(([], 0))

    init(refusing refused: Range<Int> = 0..<0) {
        self.refused = refused
    }

    var samples: [Float] { kept.withLock { $0.samples } }

    func write(_ samples: [Float]) throws(FileError) {
        let isRefused = kept.withLock { kept in
            let isRefused = refused.overlaps(kept.position..<kept.position + samples.count)
            kept.position += samples.count
            if !isRefused { kept.samples += samples }
            return isRefused
        }
        if isRefused { throw FileError(path, cannot: "write", errno: ENOSPC) }
    }
}

@Suite(.timeLimit(.minutes(5))) struct SessionTests {
    /// A chunk with a sample above 0.1 is speech; the score of angry is the mean magnitude of the window.
    func session(
        _ settings: SessionSettings, _ ring: SampleRing, _ sink: any RowSink, delay: Double = 0,
        log: (any RowSink)? = nil, audio: (any AudioSink)? = nil, schedule: [TimedAction] = [],
        lacksPauses: Bool = false,
        clock: SessionClock = .system
    ) -> Session {
        let detector = Session.Detector(chunk: 512, probability: { $0.contains { abs($0) > 0.1 } ? 1 : 0 }, reset: {})
        return Session(
            settings: settings, ring: ring,
            outputs: .init(rows: [sink], log: log, audio: audio, schedule: schedule, lacksPauses: lacksPauses),
            detectors: [detector], clock: clock
        ) { samples in
            Thread.sleep(forTimeInterval: delay)
            let mean = samples.reduce(0) { $0 + abs($1) } / Float(samples.count)
            return EmotionScores(angry: Foundation.log(mean), happy: -30, neutral: -30, sad: Foundation.log(1 - mean))
        }
    }

    var fast: SessionSettings {
        var settings = SessionSettings()
        settings.isPaced = false
        return settings
    }

    func drain(_ session: Session) {
        session.finishSource()
        while session.snapshot.phase != .drained { Thread.sleep(forTimeInterval: 0.005) }
    }

    /// 4 s of quiet, then 4.25 s at 0.5.
    private let signal = [Float](repeating: 0.001, count: 64_000) + [Float](repeating: 0.5, count: 68_000)

    @Test func rowsCoverTheRecordingAndNameNoEmotionInSilence() throws {
        let ring = SampleRing(minimumCapacity: 16_384)
        let sink = Collector()
        let session = session(fast, ring, sink)
        session.start()
        ring.put(signal)
        drain(session)
        session.stop()
        let rows = sink.rows
        #expect(rows.map(\.sequence) == Array(0..<rows.count))
        #expect(rows.map(\.end) == stride(from: 3.0, through: 8.0, by: 0.5).map { $0 } + [8.25])
        #expect(rows.first?.start == 0 && rows.last?.start == 5.25)
        for row in rows {
            #expect(row.status == (row.end - 4 < 3 * fast.minimumSpeech ? .silence : .ok), "\(row)")
            #expect((row.scores == nil) == (row.status == .silence))
        }
        let last = try #require(rows.last?.scores)
        #expect(abs(last.angry - 0.5) < 1e-3)
        let summary = session.snapshot.summary
        #expect(summary.windows == rows.count && summary.dropped == 0)
        #expect(session.snapshot.lastWindow == rows.last, "with its number in the log")
        #expect(abs(summary.emotions.spokenSeconds + summary.silentSeconds - 8.25) < 1e-9)
    }

    /// 3.2 s at 0.5, then quiet: the window that ends at 4.5 s still holds 1.7 s of speech, none of it in its newest
    /// second.
    @Test func aPauseEndsTheEmotionAlthoughTheWindowHoldsEarlierSpeech() throws {
        for (recent, silentFrom) in [(0.1, 4.5), (0, 6.0)] {
            let ring = SampleRing(minimumCapacity: 16_384)
            let sink = Collector()
            var settings = fast
            settings.minimumRecentSpeech = recent
            let session = session(settings, ring, sink)
            session.start()
            ring.put([Float](repeating: 0.5, count: 51_200) + [Float](repeating: 0.001, count: 76_800))
            drain(session)
            session.stop()
            #expect(sink.rows.count == 11)
            for row in sink.rows {
                #expect(row.status == (row.end < silentFrom ? .ok : .silence), "\(row)")
            }
            #expect(sink.rows.first { $0.end == 4.5 }?.speech ?? 0 > 0.5, "the share is that of the whole window")
        }
    }

    @Test func aSlowNetworkSkipsWindowsOfAPacedStreamAndAccountsForEach() {
        let ring = SampleRing(minimumCapacity: 1 << 18)
        let sink = Collector()
        let session = session(SessionSettings(), ring, sink, delay: 0.1)
        session.start()
        ring.put([Float](repeating: 0.5, count: 160_000))
        drain(session)
        session.stop()
        let rows = sink.rows
        #expect(rows.map(\.end) == stride(from: 3.0, through: 10.0, by: 0.5).map { $0 })
        #expect(rows.contains { $0.status == .dropped && $0.missingSeconds == 0.5 && $0.scores == nil })
        #expect(rows.last?.status == .ok)
        #expect(session.snapshot.summary.dropped == rows.count { $0.status == .dropped })
    }

    @Test func aFastReplayWaitsForASlowNetwork() {
        let ring = SampleRing(minimumCapacity: 16_384)
        let sink = Collector()
        let session = session(fast, ring, sink, delay: 0.03)
        session.start()
        ring.put([Float](repeating: 0.5, count: 160_000))
        drain(session)
        session.stop()
        #expect(sink.rows.count == 15 && sink.rows.allSatisfy { $0.status == .ok })
    }

    @Test func aWindowPartlySilentIsReadByItsSpeechAlone() throws {
        let means = try SilenceTreatment.allCases.map { treatment -> Float in
            var settings = fast
            settings.silence = treatment
            let ring = SampleRing(minimumCapacity: 16_384)
            let sink = Collector()
            let session = session(settings, ring, sink)
            session.start()
            ring.put(signal)
            drain(session)
            session.stop()
            #expect(try #require(sink.rows.last?.scores?.angry) > 0.499, "a window of speech is taken whole")
            return try #require(sink.rows.first { $0.status == .ok && $0.end == 5 }?.scores?.angry)
        }
        // Of 3 s, one is at 0.5; the cut window holds it with 0.15 s of what comes before.
        #expect(abs(means[0] - 0.5 / 3) < 0.01)
        #expect(abs(means[1] - 0.5 / 1.15) < 0.03)
    }

    @Test func unsureWindowsKeepTheirScoresAndAreCounted() {
        var settings = fast
        settings.unsureBelow = 0.6
        let ring = SampleRing(minimumCapacity: 16_384)
        let sink = Collector()
        let session = session(settings, ring, sink)
        session.start()
        ring.put(signal)
        drain(session)
        session.stop()
        let spoken = sink.rows.filter { $0.status == .ok }
        for row in spoken {
            #expect((row.decision == .unsure) == ((row.scores?.values.max() ?? 0) < 0.6))
            #expect((row.smoothedDecision == .unsure) == ((row.smoothed?.values.max() ?? 0) < 0.6))
        }
        let summary = session.snapshot.summary
        let unsure = spoken.count { $0.smoothedDecision == .unsure }
        #expect(unsure > 0 && unsure < spoken.count)
        #expect(summary.emotions.unsure == unsure && summary.emotions.unsureSeconds > 0)
        #expect(abs(summary.emotions.spokenSeconds + summary.silentSeconds - 8.25) < 1e-9)
    }

    @Test(arguments: SilenceTreatment.allCases)
    func scoresDependOnTheSamplesAloneNotOnHowTheyArrive(silence: SilenceTreatment) {
        var settings = fast
        settings.silence = silence
        let runs = [1600, 333, 16_000].map { block -> [Row] in
            let ring = SampleRing(minimumCapacity: 16_384)
            let sink = Collector()
            let session = session(settings, ring, sink)
            session.start()
            for start in stride(from: 0, to: signal.count, by: block) {
                ring.put(Array(signal[start..<min(signal.count, start + block)]))
            }
            drain(session)
            session.stop()
            return sink.rows
        }
        for rows in runs {
            #expect(rows.map(\.scores) == runs[0].map(\.scores))
            #expect(rows.map(\.smoothed) == runs[0].map(\.smoothed))
            #expect(rows.map(\.start) == runs[0].map(\.start))
        }
    }

    @Test func sourcesFollowOneAnotherOnOneTimeLine() {
        let ring = SampleRing(minimumCapacity: 16_384)
        let sink = Collector()
        let session = session(fast, ring, sink)
        session.start()
        ring.put([Float](repeating: 0.5, count: 20_000))
        drain(session)
        session.perform(.marker("second"))
        while sink.count < 2 { Thread.sleep(forTimeInterval: 0.005) }
        ring.put([Float](repeating: 0.5, count: 48_000))
        drain(session)
        session.stop()
        #expect(sink.rows.map(\.start) == [0, 1.25, 1.25])
        #expect(sink.rows.map(\.end) == [1.25, 1.25, 4.25])
        #expect(sink.rows.map(\.status) == [.ok, .marker, .ok])
    }

    @Test func theAudioSinkGetsEverySampleInOrder() {
        let ring = SampleRing(minimumCapacity: 16_384)
        let heard = SampleCollector()
        let session = session(fast, ring, Collector(), audio: heard)
        session.start()
        let ramp = (0..<50_000).map { Float($0) / 50_000 }
        ring.put(ramp)
        drain(session)
        session.stop()
        #expect(heard.samples == ramp)
        #expect(session.snapshot.audio == SavedAudio())
    }

    /// A step is 800 frames: whole steps are refused.
    @Test func unsavedSoundIsARowOnceSavingResumes() throws {
        let ring = SampleRing(minimumCapacity: 1 << 18)
        let sink = Collector()
        let heard = SampleCollector(refusing: 16_000..<24_000)
        let session = session(fast, ring, sink, audio: heard)
        ring.put(signal)
        session.start()
        drain(session)
        session.stop()
        let row = try #require(sink.rows.first { $0.status == .unsaved })
        #expect(sink.rows.count { $0.status == .unsaved } == 1)
        #expect(row.start == 1 && row.end == 1.5 && !row.isWindow)
        #expect(row.note.hasPrefix("0.50 s of sound not saved: ") && row.note.hasSuffix("; silence in their place"))
        let saved = session.snapshot.audio
        #expect(saved.missingFrames == 8000 && saved.trouble == nil && saved.gaps.map(\.range) == [16_000..<24_000])
        #expect(heard.samples == Array(signal[..<16_000] + signal[24_000...]))
        let account = session.snapshot.summary.accounting.account(captured: signal.count, lost: 0)
        #expect(account.isBalanced, "what was not saved was read all the same")
    }

    @Test func soundUnsavedUntilTheEndIsReportedAsMissing() {
        let ring = SampleRing(minimumCapacity: 1 << 18)
        let sink = Collector()
        let session = session(fast, ring, sink, audio: SampleCollector(refusing: 100_000..<200_000))
        ring.put(signal)
        session.start()
        drain(session)
        session.stop()
        #expect(!sink.rows.contains { $0.status == .unsaved })
        let saved = session.snapshot.audio
        #expect(saved.missingFrames == 32_000 && saved.trouble?.contains("collected.wav") == true)
    }

    /// Three sessions write the same rows: one with actions as they come, one that repeats them with the same sound, and one
    /// that repeats them with the sound that the first one saved, which lacks the pause.
    @Test func actionsThatAreScheduledWriteTheSameRows() {
        struct Outcome {
            let rows: [[String]]
            let all: [Row]
            let actions: [TimedAction]
            let saved: [Float]
            let account: AccountingReport
            let spoken: Double
        }
        func run(
            _ schedule: [TimedAction], lacksPauses: Bool = false, captured: Int, _ act: (Session, SampleRing) -> Void
        ) -> Outcome {
            let ring = SampleRing(minimumCapacity: 1 << 18)
            let (log, shown, audio) = (Collector(), Collector(), SampleCollector())
            var settings = fast
            settings.baseline = .automatic
            let session = session(
                settings, ring, shown, log: log, audio: audio, schedule: schedule, lacksPauses: lacksPauses)
            session.start()
            act(session, ring)
            drain(session)
            session.stop()
            let format = RowFormat(holdsLogits: true)
            let columns = Row.columns(format)
            let rows = log.rows.map { row -> [String] in
                var cells = format.csv(row).split(
                    separator: ",", omittingEmptySubsequences: false
                ).map(String.init)
                // The clocks differ.
                for name in ["wall_end", "infer_ms", "latency_ms"] {
                    if let column = columns.firstIndex(of: name) { cells[column] = "" }
                }
                return cells
            }
            let snapshot = session.snapshot
            return Outcome(
                rows: rows, all: shown.rows, actions: snapshot.actions, saved: audio.samples,
                account: snapshot.summary.accounting.account(captured: captured, lost: 0),
                spoken: snapshot.summary.emotions.spokenSeconds)
        }
        let sound = signal + signal + signal
        let first = run([], captured: sound.count) { session, ring in
            let pieces = [0, 100_000, 150_001, 201_234, 300_000, sound.count]
            let acts: [StreamAction] = [.marker("a, b"), .takeBaseline, .pauseLog, .resumeLog]
            for (index, act) in acts.enumerated() {
                ring.put(Array(sound[pieces[index]..<pieces[index + 1]]))
                while session.snapshot.streamTime < AudioFormat.seconds(pieces[index + 1]) {
                    Thread.sleep(forTimeInterval: 0.005)
                }
                session.perform(act)
                while session.snapshot.actions.count <= index { Thread.sleep(forTimeInterval: 0.005) }
            }
            ring.put(Array(sound[pieces[4]...]))
        }
        #expect(first.actions.map(\.sample) == [100_000, 150_001, 201_234, 300_000])
        #expect(first.saved == Array(sound[..<201_234] + sound[300_000...]), "no sound of the pause is saved")
        let second = run(first.actions, captured: sound.count) { _, ring in ring.put(sound) }
        #expect(first.rows == second.rows && first.actions == second.actions && first.saved == second.saved)
        let third = run(first.actions, lacksPauses: true, captured: first.saved.count) { _, ring in
            ring.put(first.saved)
        }
        #expect(first.rows == third.rows && first.actions == third.actions && first.saved == third.saved)
        for outcome in [first, second, third] { #expect(outcome.account.isBalanced, "\(outcome.account)") }

        #expect(first.rows.contains { $0[4] == "baseline" } && first.rows.contains { $0.contains("session") })
        for outcome in [first, second, third] {
            let walls = outcome.all.map(\.wallEnd.nanoseconds)
            #expect(zip(walls, walls.dropFirst()).allSatisfy { $0 <= $1 }, "the clock goes on over a pause")
        }
        #expect(
            abs(first.spoken - second.spoken) < 1e-9 && third.spoken < first.spoken
                && second.all.allSatisfy { !($0.end > 13 && $0.end < 18) })
        #expect(first.rows.map { $0[0] } == first.rows.indices.map(String.init), "no number is left out")
        let windows = first.rows.filter { $0[4] == "ok" || $0[4] == "silence" }
        // The first window after the pause holds nothing from before it.
        #expect(windows.allSatisfy { Double($0[2])! <= 12.577 || Double($0[1])! >= 18.75 }, "the log was paused")
        #expect(
            windows.contains { $0[1] == "18.750" } && first.all.contains { $0.isWindow && $0.end > 13 && $0.end < 18 })
        let pause = first.rows.first { $0.contains("recording resumed") }
        #expect(pause?[1] == "12.577" && pause?[2] == "18.750")
    }

    @Test func aLogThatFailsIsReportedAndTheSessionGoesOn() {
        final class Full: RowSink {
            func write(_ row: Row) throws(FileError) { throw FileError("x.csv", cannot: "write", errno: ENOSPC) }
        }
        let ring = SampleRing(minimumCapacity: 16_384)
        let good = Collector()
        let session = session(fast, ring, good, log: Full())
        session.start()
        ring.put(signal)
        drain(session)
        session.stop()
        #expect(session.snapshot.failure?.path == "x.csv")
        #expect(good.rows.count == 12)
    }
}
