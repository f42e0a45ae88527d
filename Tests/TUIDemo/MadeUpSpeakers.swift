import EmotionTUI

/// Speakers who take turns in a made-up session on one microphone. Some turns begin while the one before goes on.
struct MadeUpSpeakers {
    /// The names of the speakers in the order of their lanes.
    private(set) var names: [String]
    /// The lane of each speaker that the session began with.
    private var lanes: [Int]

    init(names: [String]) {
        self.names = names
        lanes = Array(names.indices)
    }

    mutating func rename(_ lane: Int, to name: String) { names[lane] = name }

    mutating func merge(_ lane: Int, into other: Int) {
        names.remove(at: lane)
        lanes = lanes.map { $0 == lane ? other : $0 }.map { $0 > lane ? $0 - 1 : $0 }
    }

    /// Returns a voice for each speaker, made from the voice of the microphone.
    func voices(of voice: DashboardSnapshot.Voice, at time: Double) -> [DashboardSnapshot.Voice] {
        names.indices.map { lane in
            var own = voice
            own.name = names[lane]
            own.history = voice.history.map { point in
                var point = point
                if point.status == .ok { point.status = status(of: lane, at: point.time) }
                return point
            }
            own.talkTime = 0.5 * Double(own.history.count { $0.status == .ok || $0.status == .overlap })
            guard voice.current == .speech else { return own }
            own.isSpeaking = talking(at: time).contains(lane)
            switch own.history.last?.status {
            case .ok: break
            case .overlap: own.current = .overlap
            default: own.current = .silence
            }
            return own
        }
    }

    private func status(of lane: Int, at time: Double) -> DashboardSnapshot.Status {
        let talking = talking(at: time)
        return talking.contains(lane) ? (talking.count > 1 ? .overlap : .ok) : .silence
    }

    /// The lanes of those who talk: one, or two in the first seconds of every other turn.
    private func talking(at time: Double) -> Set<Int> {
        let turn = Int(time / 11)
        let interrupts = turn % 2 == 1 && time.truncatingRemainder(dividingBy: 11) < 3
        return Set((interrupts ? [turn, turn - 1] : [turn]).map { lanes[$0 % lanes.count] })
    }
}
