import EmotionCore
import EmotionStream

/// What a report says of a session: a lane for each voice, and what is missing.
///
/// Times and shares are those of the segments, probabilities of curves those of the log's smoothed columns.
package struct SessionFigures: Sendable {
    /// The labels of speech, in the order of tables and bars.
    static let labels = SpeakerTotals.labels.map(SegmentLabel.speech) + [.overlap]
    /// Seconds between two segments of a voice after which the second is no transition from the first: a window.
    static let longestPause = SessionSettings.window
    /// The most readings and pieces of a lane that are drawn one by one.
    static let mostReadings = 2000
    static let mostPieces = 500
    /// The equal parts of a session of which means are drawn where there are more.
    static let columns = 480

    /// The smoothed probabilities at the middle of a window.
    struct Reading: Sendable {
        var time: Double
        var scores: EmotionScores
    }

    /// A segment, or a column with the label that most of it has.
    struct Piece: Sendable {
        let start: Double
        let end: Double
        let label: SegmentLabel
        let probability: Double?
        /// The part of the time, 0…1, that the voice or the silence has: 1 of a segment.
        let share: Double
    }

    /// A voice: a speaker, a channel, or speech of nobody who has a name.
    struct Lane: Sendable {
        let name: String
        let channel: Int?
        /// Readings without a gap between them, in the order of time.
        let runs: [[Reading]]
        /// Whether the readings are means of columns.
        let hasColumns: Bool
        let pieces: [Piece]
        /// Seconds of speech by label.
        let seconds: [SegmentLabel: Double]
        /// Number of stretches of speech between pauses or other voices, and the seconds of the longest.
        let turns: Int
        let longestTurn: Double
        /// How often a label followed another one, by both.
        let transitions: [Transition: Int]
        /// Seconds of speech by what the probabilities were corrected by.
        let baselines: [String: Double]

        var speech: Double { seconds.values.reduce(0, +) }
        var changes: Int { transitions.values.reduce(0, +) }
    }

    /// A label and the one that follows it.
    struct Transition: Hashable, Sendable {
        let from: SegmentLabel
        let to: SegmentLabel
    }

    package let name: String
    let session: SavedSession
    let lanes: [Lane]
    /// Silence, and what was not read, by channel.
    let quiet: [Piece]
    let markers: [Annotations.Marker]
    /// Seconds between two windows, and between two readings that are drawn.
    let hop: Double
    let step: Double

    /// - Parameters:
    ///   - name: The session's name.
    ///   - minimum: Seconds, 0…10, below which a segment is given to a neighbour.
    package init(_ session: SavedSession, name: String, minimum: Double = Segmenter.standardMinimum) {
        self.name = name
        self.session = session
        let annotations = Annotations(session, minimum: minimum)
        markers = annotations.markers
        let hop = Self.hop(session.windows)
        self.hop = hop
        lanes = annotations.tiers.filter { $0.kind != .noReading }.map { tier in
            Lane(tier, Self.readings(of: tier, session), seconds: session.seconds, hop: hop)
        }
        quiet = annotations.tiers.filter { $0.kind == .noReading }
            .flatMap { Self.pieces($0.segments, seconds: session.seconds) }.filter { $0.share > 0.5 }
        step = lanes.contains(where: \.hasColumns) ? session.seconds / Double(Self.columns) : hop
    }

    var losses: [Row] { session.events.filter(\.isLoss) }
    var pauses: [Row] { session.events.filter(\.isPause) }
    var lostSeconds: Double { losses.reduce(0) { $0 + $1.end - $1.start } }
    var speech: Double { lanes.reduce(0) { $0 + $1.speech } }

    /// The median time from one window to the next.
    private static func hop(_ windows: [Row]) -> Double {
        let channel = windows.first?.channel
        let starts = windows.filter { $0.channel == channel }.map(\.start)
        let steps = zip(starts, starts.dropFirst()).map { $1 - $0 }.sorted()
        return steps.isEmpty ? SessionSettings().hop : steps[steps.count / 2]
    }

    private static func readings(of tier: Annotations.Tier, _ session: SavedSession) -> [Reading] {
        session.windows.compactMap { row in
            guard row.channel == tier.channel, row.speaker == tier.speaker, row.status == .ok, let scores = row.smoothed
            else {
                return nil
            }
            return Reading(time: (row.start + row.end) / 2, scores: scores)
        }
    }

    /// Segments as pieces; of many, what each column is.
    static func pieces(_ segments: [Segment], seconds: Double) -> [Piece] {
        guard segments.count > mostPieces, seconds > 0 else {
            return segments.map {
                Piece(start: $0.start, end: $0.end, label: $0.label, probability: $0.probability, share: 1)
            }
        }
        let width = seconds / Double(columns)
        var totals: [[SegmentLabel: Double]] = Array(repeating: [:], count: columns)
        for segment in segments {
            for column in column(of: segment.start, width)...column(of: segment.end, width) {
                let start = max(segment.start, Double(column) * width)
                let end = min(segment.end, Double(column + 1) * width)
                if end > start { totals[column][segment.label, default: 0] += end - start }
            }
        }
        return totals.enumerated().compactMap { column, total in
            guard let most = total.max(by: { ($0.value, $0.key.word) < ($1.value, $1.key.word) }) else { return nil }
            return Piece(
                start: Double(column) * width, end: Double(column + 1) * width, label: most.key, probability: nil,
                share: min(1, total.values.reduce(0, +) / width))
        }
    }

    /// Splits readings where one is missing; of many, takes the mean of each column.
    static func runs(_ readings: [Reading], hop: Double, seconds: Double) -> [[Reading]] {
        guard readings.count > mostReadings, seconds > 0 else { return runs(readings, step: hop) }
        let width = seconds / Double(columns)
        let groups = Dictionary(grouping: readings) { column(of: $0.time, width) }.sorted { $0.key < $1.key }
        var runs: [[Reading]] = []
        var last: Int?
        for (column, readings) in groups {
            if column - 1 != last { runs.append([]) }
            runs[runs.count - 1].append(mean(readings))
            last = column
        }
        return runs
    }

    private static func runs(_ readings: [Reading], step: Double) -> [[Reading]] {
        var runs: [[Reading]] = []
        var last = -Double.infinity
        for reading in readings {
            if reading.time - last > 1.6 * step { runs.append([]) }
            runs[runs.count - 1].append(reading)
            last = reading.time
        }
        return runs
    }

    private static func column(of time: Double, _ width: Double) -> Int { min(Int(time / width), columns - 1) }

    private static func mean(_ readings: [Reading]) -> Reading {
        let count = Double(readings.count)
        return Reading(
            time: readings.reduce(0) { $0 + $1.time } / count,
            scores: EmotionScores { emotion in readings.reduce(0) { $0 + $1.scores[emotion] } / Float(count) })
    }
}

extension SessionFigures.Lane {
    fileprivate init(
        _ tier: Annotations.Tier, _ readings: [SessionFigures.Reading], seconds length: Double, hop: Double
    ) {
        name = tier.name
        channel = tier.channel
        hasColumns = readings.count > SessionFigures.mostReadings
        runs = SessionFigures.runs(readings, hop: hop, seconds: length)
        pieces = SessionFigures.pieces(tier.segments, seconds: length)
        var seconds: [SegmentLabel: Double] = [:]
        var transitions: [SessionFigures.Transition: Int] = [:]
        var baselines: [String: Double] = [:]
        var turns: [Double] = []
        var before: Segment?
        for segment in tier.segments {
            let length = segment.end - segment.start
            seconds[segment.label, default: 0] += length
            if let word = segment.baseline?.word { baselines[word, default: 0] += length }
            if let before, before.touches(segment) {
                turns[turns.count - 1] += length
            } else {
                turns.append(length)
            }
            if let before, before.label != segment.label, segment.start - before.end <= SessionFigures.longestPause {
                transitions[SessionFigures.Transition(from: before.label, to: segment.label), default: 0] += 1
            }
            before = segment
        }
        (self.seconds, self.transitions, self.baselines) = (seconds, transitions, baselines)
        (self.turns, longestTurn) = (turns.count, turns.max() ?? 0)
    }
}

/// The words of times and shares.
enum ReportText {
    /// Seconds as `1:02:03` or `2:03`.
    static func clock(_ seconds: Double) -> String { Int(seconds.rounded()).clockText }

    /// A share of a whole as `12 %`.
    static func percent(_ part: Double, of whole: Double) -> String {
        whole > 0 ? "\((100 * part / whole).fixed(0)) %" : "–"
    }
}

extension SegmentLabel {
    /// The name of its class in style sheets.
    var style: String { word }

    /// The initial of an emotion, or the sign of another label.
    var sign: String {
        switch self {
        case .speech(.emotion(let emotion)): emotion.letter
        case .speech(.unsure): "?"
        case .overlap: "2"
        case .silence, .unread: ""
        }
    }
}
