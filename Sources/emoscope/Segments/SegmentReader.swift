import EmotionCore
import EmotionLive
import EmotionRecognition
import EmotionStream

/// Reads the segments or the windows of recordings: each is played at full speed through a session of its own.
struct SegmentReader {
    /// Collects the segments of a session.
    private final class SegmentSink: RowSink {
        private let segmenter: Locked<Segmenter>

        init(_ segmenter: Segmenter) {
            self.segmenter = Locked(segmenter)
        }

        func write(_ row: Row) {
            segmenter.withLock { $0.add(row) }
        }

        func finish() -> [Segment] { segmenter.withLock { $0.finish() } }
    }

    /// Collects the rows of a session that are about windows.
    private final class WindowSink: RowSink {
        private let rows = Locked<[Row]>([])

        func write(_ row: Row) {
            if row.isWindow { rows.withLock { $0.append(row) } }
        }

        func finish() -> [Row] { rows.withLock { $0 } }
    }

    /// Milliseconds between two looks at a session.
    private static let pace = 5

    private let settings: SessionSettings
    private let networks: SessionNetworks
    private let minimum: Double
    private let raw: RawFormat?

    /// Loads the networks.
    ///
    /// - Parameters:
    ///   - minimum: Seconds below which a segment is given to a neighbour.
    ///   - raw: The format of bare samples; nil for files with headers.
    init(_ recognizer: EmotionRecognizer, _ settings: SessionSettings, minimum: Double, raw: RawFormat? = nil) throws {
        self.settings = settings
        self.minimum = minimum
        self.raw = raw
        networks = try SessionNetworks(recognizer, speakers: settings.speakers, channels: 1, hop: settings.hop)
    }

    /// Reads a recording to its end, with its progress on standard error.
    ///
    /// - Returns: At least one segment; together they cover what could be read of the recording. And what was wrong with it.
    /// - Throws: The reason why nothing of the recording can be read.
    func segments(of path: String) throws -> (segments: [Segment], warnings: [SoundWarning]) {
        let sink = SegmentSink(Segmenter(minimum: minimum))
        let warnings = try read(path, into: sink)
        return (sink.finish(), warnings)
    }

    /// Reads the rows of a recording's windows, as `segments` reads its segments.
    func windows(of path: String) throws -> (rows: [Row], warnings: [SoundWarning]) {
        let sink = WindowSink()
        let warnings = try read(path, into: sink)
        return (sink.finish(), warnings)
    }

    private func read(_ path: String, into sink: some RowSink) throws -> [SoundWarning] {
        let live = try LiveSession(
            LiveSession.Plan(input: .files([path], pace: .fast, raw: raw), mode: .mixed, settings: settings),
            networks: networks,
            model: networks.model.summary
        ) { Session.Outputs(rows: [sink]) }
        try play(live, path)
        guard live.accounting.contains(where: { $0.captured > 0 }) else {
            throw live.fileFailures.last ?? RecognitionError.noSound(in: path)
        }
        return live.warnings
    }

    /// Runs a session to the end of its recording.
    private func play(_ live: LiveSession, _ path: String) throws {
        var progress = ProgressBar(isQuiet: false)
        defer { progress.clear() }
        live.start()
        while !live.sourceHasEnded {
            Clock.sleep(milliseconds: Self.pace)
            show(live.state.source.mode, path, &progress)
        }
        _ = live.settle { Clock.sleep(milliseconds: Self.pace) }
        // There is no other recording; a failure of this one is noted.
        _ = live.advance()
        live.stopSource()
        _ = live.finish { Clock.sleep(milliseconds: Self.pace) }
        for account in live.accounting where !account.isBalanced {
            throw Failure(.runTime, AccountingText.complaint(account))
        }
    }

    /// Shows how many seconds of a recording are read.
    private func show(_ mode: SourceState.Mode, _ path: String, _ progress: inout ProgressBar) {
        // A header may claim any length.
        guard case .fast(let position, let length?) = mode, (1...1e9).contains(length) else { return }
        let name = FileName.last(of: path)
        progress.show(min(Int(position), Int(length)), of: Int(length), name)
    }
}
