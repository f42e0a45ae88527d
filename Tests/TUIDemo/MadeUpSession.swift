import EmotionCore
import EmotionTUI
import Glibc

/// A made-up conversation: emotions that change, pauses, and a level that follows them. Everything is a function of
/// time, so that a picture can be made again.
struct MadeUpSession {
    var isLive = false
    var isSilent = false
    var isDropping = false
    var isRecording = true
    var markers: [DashboardSnapshot.Marker] = []
    /// Whether the user took a baseline.
    var hasBaseline = false
    /// Speakers who are told apart, if any.
    var speakers: MadeUpSpeakers?

    func snapshot(at time: Double) -> DashboardSnapshot {
        var snapshot = DashboardSnapshot()
        snapshot.source = .init(
            name: isLive ? "Built-in Audio Analog Stereo" : "conversation.flac",
            mode: isLive ? .live : .replay(position: time, length: 3 * max(time, 60)))
        snapshot.modelName = "whisper-base-caser"
        snapshot.streamTime = time
        // A window of 3 s is about its middle.
        snapshot.history = stride(from: 1.5, through: max(1.5, time - 1.5), by: 0.5).filter { $0 <= time - 1.5 }.map(
            point)
        snapshot.markers = markers
        if let last = snapshot.history.last {
            snapshot.current = last.status == .ok ? .speech : .silence
            snapshot.raw = last.raw
            snapshot.smoothed = last.smoothed
        } else {
            snapshot.current = .warmingUp(fraction: time / 3)
        }
        let speaks = !isSilent && isSpeech(time)
        let learned = time.rounded() < 20 ? "learning \(Int(time.rounded())) of 20 s" : "learned"
        snapshot.baseline = hasBaseline ? "this session" : learned
        snapshot.levels.level = speaks ? -24 + 7 * sin(time * 5) + 3 * sin(time * 13) : -57 + sin(time * 3)
        snapshot.levels.peakHold = speaks ? -12 : -40
        (snapshot.levels.clipping, snapshot.levels.trouble) = (isDropping, isDropping ? "CLIP" : nil)
        snapshot.levels.voice = speaks ? 0.93 + 0.05 * sin(time * 4) : 0.03
        snapshot.levels.speechShare = isSilent ? 0 : 0.81
        snapshot.levels.waveform = (0..<100).map { index in
            let moment = time - Double(100 - index) * 0.012
            let size = Float(speaks ? 0.25 * abs(sin(moment * 9)) * abs(sin(moment * 2.3)) : 0.001)
            return .init(low: -size * 0.9, high: size)
        }
        snapshot.performance.latency = 84 + 6 * sin(time)
        snapshot.performance.inference = 52 + 3 * sin(time * 1.3)
        snapshot.performance.realTimeFactor = isDropping ? 1.3 : 0.104
        snapshot.performance.windows = snapshot.history.count
        snapshot.performance.windowsDropped = isDropping ? 12 : 0
        snapshot.performance.secondsLost = isDropping ? 6 : 0
        snapshot.performance.overruns = isDropping ? 2 : 0
        let rows = snapshot.history.count
        snapshot.recording =
            isRecording
            ? .on(file: "session.csv", rows: rows, bytes: rows * 148)
            : .paused(file: "session.csv", rows: rows, bytes: rows * 148)
        if let speakers { snapshot.voices = speakers.voices(of: snapshot.voices[0], at: time) }
        return snapshot
    }

    private func isSpeech(_ time: Double) -> Bool {
        !(14..<18).contains(time.truncatingRemainder(dividingBy: 37))
    }

    private func point(_ time: Double) -> DashboardSnapshot.Point {
        if isDropping, (40..<44).contains(time.truncatingRemainder(dividingBy: 60)) {
            return .init(time: time, status: .dropped)
        }
        guard !isSilent, isSpeech(time) else { return .init(time: time, status: .silence) }
        return .init(time: time, status: .ok, raw: scores(time, jitter: 0.9), smoothed: scores(time, jitter: 0.12))
    }

    private func scores(_ time: Double, jitter: Double) -> EmotionScores {
        let logits = [
            2.2 * sin(time / 9 + 1) + jitter * sin(time * 7.1), 2.4 * sin(time / 13) + jitter * sin(time * 5.3 + 1),
            1.1 + 0.8 * sin(time / 5 + 2) + jitter * sin(time * 6.7 + 2),
            2.0 * sin(time / 11 + 3.6) - 0.4 + jitter * sin(time * 4.9 + 3),
        ]
        let powers = logits.map { exp($0) }
        let sum = powers.reduce(0, +)
        let shares = powers.map { Float($0 / sum) }
        return .init(angry: shares[0], happy: shares[1], neutral: shares[2], sad: shares[3])
    }
}
