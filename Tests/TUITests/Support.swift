import EmotionCore

@testable import EmotionTUI

typealias Snapshot = DashboardSnapshot

extension Snapshot {
    /// A minute of unchanging scores at a hop of half a second, all speech unless `status` says otherwise.
    static func steady(
        _ scores: EmotionScores, until now: Double = 60, status: (Double) -> Status = { _ in .ok }
    ) -> Snapshot {
        var snapshot = Snapshot()
        snapshot.source = Source(name: "talk.wav", mode: .replay(position: now, length: 90))
        snapshot.modelName = "a-model"
        snapshot.streamTime = now
        snapshot.history = stride(from: 1.5, through: now - 1.5, by: 0.5).map {
            Point(time: $0, status: status($0), raw: scores, smoothed: scores)
        }
        snapshot.current = snapshot.history.last?.status == .ok ? .speech : .silence
        snapshot.raw = scores
        snapshot.smoothed = scores
        snapshot.levels.level = -23
        snapshot.levels.peakHold = -11
        snapshot.levels.voice = 0.9
        snapshot.levels.speechShare = 0.75
        snapshot.levels.waveform = (0..<100).map { Extent(low: -Float($0) / 100, high: Float($0) / 100) }
        snapshot.performance.latency = 84
        snapshot.performance.inference = 52
        snapshot.performance.realTimeFactor = 0.104
        snapshot.performance.windows = 115
        snapshot.recording = .on(file: "session.csv", rows: 115, bytes: 17_020)
        return snapshot
    }

    /// States that a session goes through, and some that it never should have.
    static var zoo: [Snapshot] {
        let mood = EmotionScores(angry: 0.1, happy: 0.6, neutral: 0.25, sad: 0.05)
        var pauses = steady(mood) { $0.truncatingRemainder(dividingBy: 9) < 4 ? .silence : .ok }
        pauses.markers = [
            Marker(time: 20, note: "a note that goes on for longer than there is room"), Marker(time: 59.9),
        ]
        (pauses.levels.clipping, pauses.levels.trouble) = (true, "CLIP")
        pauses.performance.windowsDropped = 1_234_567
        pauses.performance.secondsLost = 617_283.5
        pauses.performance.overruns = 9_999_999
        pauses.recording = .paused(file: String(repeating: "name", count: 60), rows: 1 << 60, bytes: .max)
        pauses.audio = .init(file: "音声の記録.wav", bytes: .max)
        pauses.message = String(repeating: "device lost; ", count: 30)
        var silent = steady(mood) { _ in .silence }
        silent.source.mode = .live
        var ended = steady(mood) { $0 < 30 ? .ok : .dropped }
        ended.ended = true
        ended.source = Source(name: "会議の録音と\u{1B}[31mとても長い名前.flac", mode: .fast(position: 1e9, length: nil))
        var hostile = steady(EmotionScores(angry: .nan, happy: .infinity, neutral: -3, sad: 1e30))
        hostile.history += [
            Point(time: .nan, status: .ok), Point(time: .infinity, status: .ok, raw: mood, smoothed: mood),
            Point(time: -1e300, status: .ok, raw: mood, smoothed: mood), Point(time: 3, status: .dropped),
            Point(time: 1e300, status: .silence), Point(time: 5, status: .ok, raw: mood, smoothed: mood),
        ]
        hostile.markers = [Marker(time: .nan), Marker(time: 1e308), Marker(time: -5, note: "\n\t\0")]
        hostile.streamTime = 1e300
        hostile.levels.level = .nan
        hostile.levels.peakHold = .infinity
        hostile.levels.voice = -.infinity
        hostile.levels.speechShare = 7
        hostile.levels.waveform = [Extent(low: .nan, high: .infinity), Extent(low: 5, high: -5)]
        hostile.performance.latency = .infinity
        hostile.performance.inference = -1e300
        hostile.performance.realTimeFactor = .nan
        hostile.performance.windows = .min
        hostile.recording = .on(file: "", rows: .min, bytes: .min)
        hostile.current = .warmingUp(fraction: .nan)
        var confused = hostile
        confused.streamTime = -.infinity
        confused.current = .speech
        var unsure = pauses
        unsure.unsureBelow = 0.7
        let all = [Snapshot(), steady(mood), unsure, pauses, silent, ended, hostile, confused]
        let mixed = zip(all, all.reversed()).flatMap { [$0, $1] }
        let several = [1, 3, 4, 8].map { speakers(mixed, $0) }
        return all + zip(all, all.reversed()).map { split($0, $1) } + several
    }

    /// A snapshot with what the first one shows, and the voices of `count` snapshots as speakers with unlikely names and
    /// talk times.
    private static func speakers(_ snapshots: [Snapshot], _ count: Int) -> Snapshot {
        let names = ["A", String(repeating: "W", count: 24), String(repeating: "会", count: 24), "\u{1B}[2J\n", ""]
        let times = [5, 1e300, .nan, -7, .infinity, nil]
        var snapshot = snapshots[0]
        snapshot.voices = (0..<count).map { index in
            var voice = snapshots[index].voices[0]
            voice.name = index == 6 ? nil : names[index % names.count]
            voice.talkTime = times[index % times.count]
            voice.isSpeaking = index % 2 == 0
            for point in voice.history.indices where point % 7 < 3 { voice.history[point].status = .overlap }
            if index % 3 == 1 { voice.current = .overlap }
            return voice
        }
        return snapshot
    }

    /// A snapshot with what `first` shows, and the voice of `second` as another channel.
    static func split(_ first: Snapshot, _ second: Snapshot) -> Snapshot {
        var snapshot = first
        snapshot.voices = [first.voices[0], second.voices[0]]
        return snapshot
    }
}

/// A picture with the default options.
func picture(
    _ snapshot: Snapshot, _ width: Int = 120, _ height: Int = 36, state: DashboardState = DashboardState(),
    glyphs: Glyphs = .braille, depth: ColorDepth = .indexed
) -> Frame {
    Painter.frame(of: snapshot, state: state, width: width, height: height, glyphs: glyphs, depth: depth)
}

/// One dot of a picture, counted from its top left corner: x in half cells, y in quarter cells.
struct Dot: Hashable {
    var x: Int
    var y: Int
}

extension Frame {
    /// The picture as text, a line for each row, without trailing blanks.
    var text: String {
        var out = ""
        for y in 0..<height {
            var line = ""
            for x in 0..<width {
                let cell = self[x, y]
                if cell.scalar == 0 { continue }
                line.unicodeScalars.append(Unicode.Scalar(cell.scalar) ?? "?")
                if cell.mark != 0, let mark = Unicode.Scalar(cell.mark) { line.unicodeScalars.append(mark) }
            }
            while line.last == " " { line.removeLast() }
            out += line + "\n"
        }
        return out
    }

    /// The braille dots whose cells are drawn in this role.
    func dots(_ role: ColorRole) -> Set<Dot> {
        var dots = Set<Dot>()
        for y in 0..<height {
            for x in 0..<width where self[x, y].style.role == role && (0x2801...0x28FF).contains(self[x, y].scalar) {
                let bits = self[x, y].scalar - 0x2800
                for bit in 0..<8 where bits >> UInt32(bit) & 1 == 1 {
                    let (column, row) = bit < 6 ? (bit / 3, bit % 3) : (bit - 6, 3)
                    dots.insert(Dot(x: 2 * x + column, y: 4 * y + row))
                }
            }
        }
        return dots
    }

    /// The cells drawn in this role that hold this character.
    func cells(_ scalar: Unicode.Scalar, _ role: ColorRole) -> [(x: Int, y: Int)] {
        var found: [(x: Int, y: Int)] = []
        for y in 0..<height {
            for x in 0..<width where self[x, y].scalar == scalar.value && self[x, y].style.role == role {
                found.append((x, y))
            }
        }
        return found
    }
}
