import Testing

@testable import EmotionTUI
@testable import TUIDemo

/// A state of the dashboard that the golden frames show.
struct Scene: CustomTestStringConvertible {
    let name: String
    let snapshot: Snapshot
    let state: DashboardState

    var testDescription: String { name }

    /// - Parameter keys: The keys that the user has pressed.
    private init(_ name: String, _ snapshot: Snapshot, keys: [Key] = []) {
        self.name = name
        self.snapshot = snapshot
        var state = DashboardState()
        state.follow(snapshot.speakers)
        state.streamTime = snapshot.streamTime
        for key in keys { _ = state.reduce(key) }
        self.state = state
    }

    /// Each view that a key leads to, then each state of a session.
    static let all = [
        Scene("trajectory", conversation),
        Scene("big", conversation, keys: [.character("3")]),
        Scene("help", conversation, keys: [.character("?")]),
        Scene("split", split),
        Scene("split-big", split, keys: [.character("3")]),
        Scene("speaker", speakers(["A"], at: 75)),
        Scene("speakers-two", speakers(["A", "B"], at: 75)),
        Scene("speakers-three", speakers(["A", "B", "C"], at: 75)),
        Scene("speakers-overlap", speakers(["A", "Zoë", "Bartholomew", "D"], at: 79)),
        Scene("speakers-big", speakers(["A", "Zoë", "Bartholomew", "D"], at: 75), keys: [.character("3")]),
        Scene("speakers-help", speakers(["A", "B"], at: 75), keys: [.character("?")]),
        Scene("speakers-choice", speakers(["A", "B", "C"], at: 75), keys: [.character("e")]),
        Scene("speakers-name", speakers(["A", "B", "C"], at: 75), keys: typed("e2Zo")),
        Scene("speakers-problem", speakers(["A", "B", "C"], at: 75), keys: typed("e2A") + [.enter]),
        Scene("minutes", minutes, keys: Array(repeating: .character("-"), count: 3)),
        Scene("conversation", minutes, keys: [.character("2")]),
        Scene("conversation-past", minutes, keys: [.character("2"), .character("+"), .left]),
        Scene("speakers-conversation", speakers(["A", "B"], at: 400), keys: [.character("2")]),
        Scene("note", conversation, keys: typed("MZoë lacht")),
        Scene("raw", conversation, keys: [.character("s"), .character("-")]),
        Scene("frozen", frozen, keys: [.character(" ")]),
        Scene("unsure", unsure),
        Scene("silence", silence),
        Scene("muted", muted),
        Scene("warming-up", warmingUp),
        Scene("trouble", trouble),
        Scene("ended", ended),
    ]

    /// A replay with a marker in it.
    private static var conversation: Snapshot {
        var session = MadeUpSession()
        session.markers = [.init(time: 58, note: "mark")]
        return session.snapshot(at: 75)
    }

    /// Eleven minutes with three markers, two of them close together.
    private static var minutes: Snapshot {
        var session = MadeUpSession()
        session.markers = [
            .init(time: 200, note: "the other room"), .init(time: 415, note: "Zoë lacht"), .init(time: 430, note: "x"),
        ]
        return session.snapshot(at: 660)
    }

    /// Two channels of which the second is 40 s ahead.
    private static var split: Snapshot {
        var second = MadeUpSession().snapshot(at: 115)
        second.history = second.history.map {
            .init(time: $0.time - 40, status: $0.status, raw: $0.raw, smoothed: $0.smoothed)
        }
        return .split(conversation, second)
    }

    /// Speakers on one microphone. Of four, two talk at once at 79 s.
    private static func speakers(_ names: [String], at time: Double) -> Snapshot {
        var session = MadeUpSession()
        session.isLive = true
        session.markers = [.init(time: 58, note: "mark")]
        session.speakers = MadeUpSpeakers(names: names)
        return session.snapshot(at: time)
    }

    private static var frozen: Snapshot {
        var session = MadeUpSession()
        session.isRecording = false
        return session.snapshot(at: 75)
    }

    private static var unsure: Snapshot {
        var snapshot = conversation
        snapshot.unsureBelow = 0.95
        return snapshot
    }

    /// A microphone in a room where nobody speaks, without a log.
    private static var silence: Snapshot {
        var session = MadeUpSession()
        session.isLive = true
        session.isSilent = true
        var snapshot = session.snapshot(at: 75)
        snapshot.recording = .off
        return snapshot
    }

    /// A microphone that has delivered nothing but zeros.
    private static var muted: Snapshot {
        var snapshot = silence
        snapshot.current = .muted
        snapshot.levels = .init()
        (snapshot.levels.level, snapshot.levels.peakHold, snapshot.levels.voice) = (-.infinity, -.infinity, 0)
        snapshot.levels.trouble = "MUTED?"
        return snapshot
    }

    private static var warmingUp: Snapshot {
        var session = MadeUpSession()
        session.isLive = true
        var snapshot = session.snapshot(at: 1.2)
        snapshot.performance = .init()
        snapshot.levels.speechShare = nil
        return snapshot
    }

    /// A microphone that was disconnected after windows were dropped, with a message and a clock that runs fast.
    private static var trouble: Snapshot {
        var session = MadeUpSession()
        session.isLive = true
        session.isDropping = true
        var snapshot = session.snapshot(at: 75)
        snapshot.source.mode = .away
        snapshot.performance.drift = .init(ppm: 31.4, error: 4.2)
        snapshot.audio = .init(file: "session.wav", bytes: 4_800_044)
        snapshot.message = "the microphone is gone; waiting for it"
        return snapshot
    }

    private static var ended: Snapshot {
        var snapshot = conversation
        snapshot.ended = true
        return snapshot
    }
}
