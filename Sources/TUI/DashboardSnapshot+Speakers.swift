extension DashboardSnapshot {
    /// Whether the voices are speakers on one microphone, told apart by their voices.
    var hasSpeakers: Bool { voices.contains { $0.talkTime != nil } }

    /// The names of the speakers in the order of their lanes; empty where speakers are not told apart.
    var speakers: [String] { hasSpeakers ? voices.indices.map(title) : [] }

    /// Returns the title of a voice's lane.
    func title(ofVoice index: Int) -> String { voices[index].name ?? "channel \(index + 1)" }

    /// Returns a speaker's share of the time that all speakers have talked, 0…1; nil before anybody has.
    func talkShare(ofVoice index: Int) -> Double? {
        let total = voices.reduce(0) { $0 + max($1.talkTime ?? 0, 0) }
        guard let time = voices[index].talkTime, total > 0 else { return nil }
        return time / total
    }
}
