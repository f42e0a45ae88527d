import EmotionCore
import EmotionFiles
import EmotionReport
import EmotionStream
import Foundation

/// Logs with speakers, nearly right, with cells and bytes changed, whose speakers are listed, merged and named anew.
struct SpeakersTarget: Target {
    private let path: String
    private let output: String

    init(scratch: String) {
        path = scratch + "/case.csv"
        output = scratch + "/changed.csv"
    }

    func run(_ chance: inout Chance) {
        let bytes = Self.log(&chance)
        put(bytes, in: path)
        guard let file = try? RegularFile(path) else { Guard.fail("a file that does not open") }
        let totals = try? SpeakerTotals.all(in: file)
        if let sessions = try? SavedSession.all(in: file) { sessions.forEach(Self.export) }
        if totals?.contains(where: { $0.windows < 0 || !($0.seconds >= 0 && $0.seconds.isFinite) }) == true {
            Guard.fail("a speaker with implausible seconds")
        }
        guard let names = try? SpeakerColumn.names(in: file) else {
            if totals != nil { Guard.fail("speakers that are listed, but have no names") }
            return
        }
        if let totals, totals.map(\.name) != names { Guard.fail("names that are not those listed") }
        var changes = SpeakerChanges(speakers: names)
        if write(file, changes) != bytes { Guard.fail("a log that is not the same without a change") }
        guard names.count > 1, let new = SpeakerName("Someone new") else { return }
        do {
            try changes.merge(names[1], into: names[0])
            try changes.rename(names[0], to: new)
        } catch {
            Guard.fail("a change that was refused")
        }
        let changed = write(file, changes)
        put(changed, in: path)
        guard let again = try? RegularFile(path), let found = try? SpeakerColumn.names(in: again) else {
            Guard.fail("a changed log that does not read")
        }
        let isThere = names.dropFirst(2).contains(new.description)
        if !isThere, found.sorted() != (names.dropFirst(2) + [new.description]).sorted() {
            Guard.fail("names that are not the changed ones")
        }
    }

    /// Exports and draws a session, whatever its rows hold.
    private static func export(_ session: SavedSession) {
        let annotations = Annotations(session)
        for tier in annotations.tiers {
            for (segment, next) in zip(tier.segments, tier.segments.dropFirst())
            where segment.range.upperBound > next.range.lowerBound { Guard.fail("segments of a tier that overlap") }
        }
        for format in ExportFormat.allCases {
            _ = try? format.encode(annotations, ExportFormat.Context(name: "case", date: ""))
        }
        let figures = SessionFigures(session, name: "case")
        _ = SVGReport.text([figures])
        _ = HTMLReport.text([HTMLReport.Entry(figures, facts: [], sound: nil)], version: "") { _ in "" }
    }

    private func write(_ file: RegularFile, _ changes: SpeakerChanges) -> [UInt8] {
        do {
            let new = try AtomicFile(output, existing: .replaced)
            _ = try SpeakerColumn.rewrite(file, changes, to: new)
            try new.finish()
        } catch {
            Guard.fail("a log that was checked and cannot be written")
        }
        return FileManager.default.contents(atPath: output).map(Array.init) ?? []
    }

    private static func log(_ chance: inout Chance) -> [UInt8] {
        let header = RowFormat(holdsLogits: chance.once(in: 4)).csvHeader.dropLast().split(separator: ",").map(
            String.init)
        var columns = chance.once(in: 4) ? header.shuffled(using: &chance) : header
        if chance.once(in: 4) { columns.insert(chance.pick(["more", "", "speaker", "\"a,b\""]), at: chance.below(9)) }
        let lineEnds = chance.pick([["\r\n"], ["\n"], ["\r\n", "\n"]])
        var text = chance.once(in: 8) ? "\u{FEFF}" : ""
        text += columns.joined(separator: ",") + chance.pick(lineEnds)
        for number in 0..<chance.below(20) {
            let cells = columns.map { column -> String in
                if chance.once(in: 100) { return odd(&chance) }
                return switch column {
                case "start_s": "\(number).000"
                case "end_s": "\(number + 3).000"
                case "wall_end": "2026-01-01T00:00:00.000+01:00"
                case "status": chance.pick(["ok", "ok", "ok", "silence", "overlap", "marker"])
                case "p_angry", "p_happy", "p_neutral", "p_sad", "s_angry", "s_happy", "s_neutral", "s_sad": "0.2500"
                case "label": chance.pick(["sad", "angry", "unsure", ""])
                case "rms_dbfs": chance.pick(["-20.0", "-30.5", ""])
                case "smoothed_label": chance.pick(["sad", "unsure", ""])
                case "speaker": chance.pick(["A", "B", "Anna B.", "\"C\"", "'-d", "\"\"", ""])
                case "note": chance.pick(["", "\"two\r\n9,lines\"", "\"say \"\"hi\"\"\""])
                default: ""
                }
            }
            text += cells.joined(separator: ",") + chance.pick(lineEnds)
        }
        var bytes = Array(text.utf8)
        if chance.once(in: 4) { bytes.removeLast(chance.below(min(40, bytes.count))) }
        if chance.once(in: 3) { bytes.mutate(&chance, head: 400) }
        return bytes
    }

    private static func odd(_ chance: inout Chance) -> String {
        chance.pick([
            "", "\"", "\"\"", "nan", "1e400", "-1", "=1+1", "'=1+1", "a\"b", "\u{0}", "ünï", "e\u{301}", "speaker",
            String(repeating: "x", count: chance.once(in: 8) ? 70_000 : 100),
        ])
    }
}
