import EmotionCore
import EmotionFiles
import Foundation
import Testing

@testable import EmotionStream

/// A session that tells the speakers on its channel apart.
@Suite(.timeLimit(.minutes(5))) struct SpeakerSessionTests {
    private typealias Voices = MadeUpVoices
    private let one = SessionTests()

    /// The clips that the network read, in order.
    private final class Clips: Sendable {
        private let kept = Locked<[[Float]]>([])
        var all: [[Float]] { kept.withLock { $0 } }
        func add(_ clip: [Float]) { kept.withLock { $0.append(clip) } }
    }

    /// A session whose network sees anger by how loud the words are.
    private func session(
        _ settings: SessionSettings, _ ring: SampleRing, _ sinks: [any RowSink], schedule: [TimedAction] = [],
        clips: Clips = Clips(), directions: [Int: [Float]] = [:]
    ) -> Session {
        let detector = Session.Detector(
            chunk: Voices.chunk, probability: { Voices.isSpeech($0) ? 1 : 0 }, reset: {},
            speakers: Voices.embedder(directions: directions))
        return Session(
            settings: settings, ring: ring, outputs: .init(rows: sinks, schedule: schedule), detectors: [detector]
        ) { samples in
            clips.add(samples)
            let mean = samples.reduce(0) { $0 + abs($1) } / Float(samples.count)
            return EmotionScores(
                angry: Foundation.log(mean), happy: -30, neutral: -1, sad: Foundation.log(1 - mean))
        }
    }

    private func settings(_ count: SpeakerCount, known: [KnownSpeaker] = []) -> SessionSettings {
        var settings = one.fast
        settings.speakers = count
        settings.known = known
        return settings
    }

    /// Runs a session of a sound from its beginning to its end; its snapshot.
    @discardableResult private func run(
        _ settings: SessionSettings, _ sound: [Float], _ sinks: [any RowSink], schedule: [TimedAction] = [],
        clips: Clips = Clips(), directions: [Int: [Float]] = [:]
    ) -> SessionSnapshot {
        let ring = SampleRing(minimumCapacity: 1 << 20)
        let session = session(settings, ring, sinks, schedule: schedule, clips: clips, directions: directions)
        session.start()
        ring.put(sound)
        one.drain(session)
        session.stop()
        return session.snapshot
    }

    /// Turns of two voices, with pauses.
    private let talk = [0, 1, 0, 1, 0].flatMap { Voices.talk($0, 5) + Voices.talk(nil, 0.7) }

    @Test func eachVoiceHasItsOwnBaselineAndSmoothing() throws {
        var settings = settings(.exactly(2))
        settings.baseline = .automatic
        let sink = Collector()
        let sound = talk + talk
        run(settings, sound, [sink])
        let rows = sink.rows.filter { $0.status == .ok }
        #expect(Set(rows.map(\.speaker)) == ["A", "B"] && rows.allSatisfy { $0.voice == ($0.speaker == "A" ? 0 : 1) })
        for voice in 0...1 {
            var baseline = BaselineTracker(.automatic, settings.correction, channel: 0)
            var smoother = Smoother(timeConstant: settings.smoothing)
            for row in rows where row.voice == voice {
                let logits = try #require(row.logits)
                #expect(row.baseline == baseline.state)
                let scores = baseline.read(logits, seconds: row.newSpeech)
                #expect(row.scores == scores && row.smoothed == smoother.smooth(scores, at: row.end), "\(row)")
            }
        }
        // A spoke 30 s, so his voice is learned; B spoke 20 s, less what the windows leave out.
        let learned = sink.rows.filter { $0.status == .baseline }
        #expect(learned.first?.speaker == "A" && learned.allSatisfy { $0.note.contains("learned") })
        let seconds = rows.filter { $0.voice == 0 }.map(\.newSpeech).reduce(0, +)
        #expect(abs(seconds - 30) < 5, "what is learned of A is what A said: \(seconds) s")
    }

    @Test(arguments: SilenceTreatment.allCases)
    func theNetworkHearsTheSpeakerOfTheWindowAlone(silence: SilenceTreatment) {
        var settings = settings(.exactly(2))
        settings.silence = silence
        let (sink, clips) = (Collector(), Clips())
        run(settings, talk, [sink], clips: clips)
        let rows = sink.rows.filter { $0.status == .ok }
        #expect(rows.count == clips.all.count && rows.count > 30)
        var others = 0
        for (row, clip) in zip(rows, clips.all) {
            #expect(clip.count == 48_000)
            others = max(others, clip.count { Voices.voice(of: $0).map { $0 != row.voice } ?? false })
            #expect(clip.contains { Voices.voice(of: $0) == row.voice }, "\(row)")
        }
        // The tracker is right to a quarter second, which a clip of 1 s repeats.
        #expect(others <= 48_000 / 3, "\(others) samples are another's")
    }

    @Test func theSnapshotSaysWhoSpeaksAndHowLong() throws {
        let ring = SampleRing(minimumCapacity: 1 << 20)
        let session = session(settings(.automatic), ring, [Collector()])
        session.start()
        func hear(_ voice: Int?, until end: Double) {
            ring.put(Voices.talk(voice, end - session.snapshot.streamTime))
            while session.snapshot.streamTime < end { Thread.sleep(forTimeInterval: 0.005) }
        }
        #expect(session.snapshot.speakers.isEmpty)
        hear(0, until: 4)
        hear(1, until: 10)
        #expect(session.snapshot.speakers.map(\.isSpeaking) == [false, true])
        hear(nil, until: 12)
        #expect(session.snapshot.speakers.map(\.isSpeaking) == [false, false])
        one.drain(session)
        session.stop()
        let speakers = session.snapshot.speakers
        #expect(speakers.map(\.name) == ["A", "B"])
        #expect(abs(speakers[0].talkTime - 4) < 0.3 && abs(speakers[1].talkTime - 6) < 0.3, "\(speakers)")
        let emotions = speakers.map(\.emotions.spokenSeconds).reduce(0, +)
        #expect(abs(emotions - session.snapshot.summary.emotions.spokenSeconds) < 1e-9)
    }

    /// The row as the log has it, without the clocks.
    private func cells(_ rows: [Row]) -> [[String]] {
        let format = RowFormat(holdsLogits: true)
        let clocks = ["wall_end", "infer_ms", "latency_ms"].compactMap(Row.columns(format).firstIndex)
        return rows.map { row in
            var cells = format.csv(row).split(separator: ",", omittingEmptySubsequences: false).map(String.init)
            for column in clocks { cells[column] = "" }
            return cells
        }
    }

    /// Three voices; the user gives one a name, takes one's baseline, and makes two one.
    @Test func actionsOnSpeakersAreRowsAndAScheduleOfThemWritesTheSameRows() throws {
        let sound = [0, 1, 2, 0, 1, 2, 1].flatMap { Voices.talk($0, 5) }
        let acts: [(sample: Int, action: StreamAction)] = [
            (100_001, .renameSpeaker("A", to: "Zoë")), (170_000, .renameSpeaker("A", to: "nobody")),
            (170_000, .renameSpeaker("B", to: "Zoë")), (300_123, .takeBaseline),
            (411_111, .mergeSpeaker("C", into: "Zoë")), (450_000, .mergeSpeaker("C", into: "Zoë")),
        ]
        let (first, second) = (Collector(), Collector())
        let histories = Histories(channels: 1)
        let ring = SampleRing(minimumCapacity: 1 << 20)
        let alike = [2: Voices.alike(0, 2)]
        let session = session(settings(.automatic), ring, [first, histories], directions: alike)
        session.start()
        var position = 0
        for (index, act) in acts.enumerated() {
            ring.put(Array(sound[position..<act.sample]))
            position = act.sample
            while session.snapshot.streamTime < AudioFormat.seconds(position) { Thread.sleep(forTimeInterval: 0.005) }
            session.perform(act.action)
            while session.snapshot.actions.count <= index { Thread.sleep(forTimeInterval: 0.005) }
        }
        ring.put(Array(sound[position...]))
        one.drain(session)
        session.stop()
        let actions = session.snapshot.actions
        #expect(actions.map(\.sample) == acts.map(\.sample))

        // What cannot be done is no row.
        let markers = first.rows.filter { $0.status == .marker || $0.status == .baseline }
        #expect(markers.map { AudioFormat.samples($0.start) } == [100_001, 300_123, 411_111])
        #expect(markers.allSatisfy { $0.start == $0.end && !$0.isWindow })
        #expect(markers.map(\.speaker) == ["Zoë", "Zoë", "Zoë"], "A spoke when the baseline was taken")
        #expect(markers[0].note == "speaker A is called Zoë" && markers[2].note == "speaker C is Zoë")
        let named = first.rows.filter(\.isWindow)
        func names(_ seconds: Range<Double>) -> Set<String?> {
            Set(named.filter { seconds.contains($0.end) }.map(\.speaker))
        }
        #expect(names(4..<5.8) == ["A"] && names(8..<10.5) == ["B"] && names(12..<15.5) == ["C"])
        #expect(names(17..<20.5) == ["Zoë"] && names(22..<25.5) == ["B"], "the rename is for good")
        #expect(names(27..<30.5) == ["Zoë"] && names(32..<36) == ["B"], "C is Zoë from 25.7 s on")
        #expect(first.rows.filter { $0.baseline == .session }.allSatisfy { $0.voice == 0 })
        #expect(first.rows.contains { $0.baseline == .session && $0.end < 25 })
        #expect(session.snapshot.speakers.map(\.name) == ["Zoë", "B"])
        #expect(abs(session.snapshot.speakers[0].talkTime - 20) < 1)

        run(settings(.automatic), sound, [second], schedule: actions, directions: alike)
        #expect(cells(first.rows) == cells(second.rows))

        // The lane of a voice is silent while another one speaks, and holds what was merged into it.
        let lanes = histories.all.map { $0.withContent { $0.points } }
        #expect(lanes.count == 3 && lanes.allSatisfy { $0.map(\.time) == named.map(\.end) })
        for (row, index) in zip(named, named.indices) {
            let speakers = lanes.indices.filter { lanes[$0][index].scores != nil }
            #expect(speakers.contains(0) == (row.voice == 0 || row.voice == 2), "\(row): \(speakers)")
            #expect(speakers.contains(1) == (row.voice == 1), "\(row): \(speakers)")
            #expect(speakers.contains(2) == (row.voice == 2), "\(row): \(speakers)")
            for lane in speakers { #expect(lanes[lane][index].smoothed == row.smoothed) }
            if row.voice != nil, !speakers.contains(1) { #expect(lanes[1][index].status == .silence) }
        }
        #expect(histories.all[0].withContent { $0.markers.map(\.note) } == [markers[0].note, markers[2].note])
    }

    /// Speech before anybody is known is no speaker's: neither his curve nor his baseline has it.
    @Test func speechOfNobodyKnownLeavesTheSpeakersAlone() throws {
        let anna = Voices.known("anna", 3, logits: EmotionScores(angry: 1))
        let (sink, histories) = (Collector(), Histories(channels: 1))
        let sound = Voices.talk(nil, 2.6) + Voices.talk(0, 5) + Voices.talk(3, 4)
        let snapshot = run(settings(.exactly(2), known: [anna]), sound, [sink, histories])
        let rows = sink.rows.filter { $0.status == .ok }
        let unknown = rows.prefix { $0.speaker == nil }
        #expect((1...2).contains(unknown.count) && unknown.first?.end == 3, "0.4 s of speech are too few")
        let a = rows[unknown.count]
        #expect(a.speaker == "A" && a.smoothed == a.scores && a.baseline == BaselineState.none, "\(a)")
        let lanes = histories.all.map { $0.withContent { $0.points } }
        #expect(lanes.count == 2)
        for lane in lanes { #expect(lane.prefix(unknown.count).allSatisfy { $0.status == .silence }) }
        #expect(lanes[1][unknown.count].scores == a.scores && lanes[0][unknown.count].scores == nil)
        let known = try #require(rows.first { $0.speaker == "anna" })
        #expect(known.baseline == .profile("anna") && known.voice == 0 && known.smoothed == known.scores)
        #expect(snapshot.speakers.map(\.name) == ["anna", "A"])
    }

    @Test func speechOfTwoAtOnceNamesNobody() throws {
        let sound = [0, 1, 0].flatMap { Voices.talk($0, 4) } + Voices.both(0, 1, 5) + Voices.talk(1, 3)
        let (sink, histories) = (Collector(), Histories(channels: 1))
        var settings = settings(.exactly(2))
        settings.hop = 0.05
        let snapshot = run(settings, sound, [sink, histories])
        let both = sink.rows.filter { $0.status == .overlap }
        #expect(!both.isEmpty && both.allSatisfy { $0.end > 12.5 && $0.end < 18.5 }, "\(both.map(\.end))")
        #expect(both.allSatisfy { $0.speaker == nil && $0.scores == nil })
        #expect(snapshot.summary.overlapped == both.count && snapshot.summary.overlappedSeconds > 0)
        for history in histories.all {
            #expect(history.withContent { $0.points.filter { $0.status == .overlap }.map(\.time) } == both.map(\.end))
        }
    }

    @Test func anotherSourceKeepsTheSpeakers() {
        let ring = SampleRing(minimumCapacity: 1 << 20)
        let sink = Collector()
        let session = session(settings(.automatic), ring, [sink])
        session.start()
        for voices in [[0, 1], [1, 0]] {
            ring.put(voices.flatMap { Voices.talk($0, 5) })
            one.drain(session)
        }
        session.stop()
        let second = sink.rows.filter { $0.start >= 10 }
        #expect(second.first?.speaker == "B" && second.last?.speaker == "A")
        #expect(session.snapshot.speakers.map(\.name) == ["A", "B"])
        #expect(session.snapshot.speakers.allSatisfy { abs($0.talkTime - 10) < 0.7 })
    }
}
