import Foundation
import Testing

@testable import EmotionTUI
@testable import TUIDemo

/// Compares the README's picture, `docs/dashboard.svg`, with the layout of the current program. `make picture` makes
/// it.
@Suite struct PictureTests {
    private let picture = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appendingPathComponent("docs/dashboard.svg")

    @Test func thePictureShowsTheCurrentLayout() throws {
        let lines = try Self.text(of: String(contentsOf: picture, encoding: .utf8))
        #expect(lines.count == 36)
        for difference in Layout.today.differences(from: lines) {
            Issue.record("docs/dashboard.svg is older than the dashboard: \(difference); run make picture")
        }
    }

    /// Checks that the test above can fail: on a label that moved, one that is new, and one that is gone.
    @Test func anOldLayoutIsDetected() {
        let lines = Layout.frames[0].text.components(separatedBy: "\n")
        #expect(Layout.today.differences(from: lines) == [])
        func differences(_ old: String, _ new: String) -> [String] {
            Layout.today.differences(from: lines.map { $0.replacingOccurrences(of: old, with: new) })
        }
        #expect(differences("machine", "engines").contains { $0.contains("machine") })
        #expect(differences("─ room ─", "─ hall ─").contains { $0.contains("room") })
        #expect(differences("t theme", "t theme  x extra").contains { $0.contains("extra") })
        #expect(Layout.today.differences(from: Array(lines.dropFirst())).count > 10)
    }

    /// The terminal's text in the picture, a line for each row.
    private static func text(of svg: String) throws -> [String] {
        let start = try #require(svg.range(of: "<metadata id=\"text\">\n"), "the picture holds no text")
        let end = try #require(svg.range(of: "\n</metadata>"))
        let entities = [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#x27;", "'"), ("&amp;", "&")]
        return entities.reduce(String(svg[start.upperBound..<end.lowerBound])) { text, entity in
            text.replacingOccurrences(of: entity.0, with: entity.1)
        }.components(separatedBy: "\n")
    }
}

/// The common parts of all pictures of a replay at 120×36: the boxes, and the words that do not change.
private struct Layout {
    /// A run of letters, or a part of a box, in a row.
    struct Mark: Hashable {
        var column: Int
        var text: String
    }

    /// The marks that every frame shows, row by row.
    let fixed: [Set<Mark>]
    /// Whether any frame shows something in a cell, row by row.
    let used: [[Bool]]

    static let today = Layout()

    /// Frames of sessions that differ in everything that a session can change.
    static let frames: [Frame] = [(52.0, 0.3, "a"), (71, 0.8, "conversation"), (47, 0.5, "word")].map {
        time, mood, name in
        var snapshot = MadeUpSession().snapshot(at: time)
        snapshot.source = .init(
            name: String(repeating: name, count: 120 / name.count), mode: .replay(position: time, length: time + 19))
        snapshot.modelName = String(repeating: name, count: 24 / name.count)
        snapshot.recording = .off
        snapshot.baseline = name == "a" ? "none" : "learning 8 of 20 s"
        snapshot.smoothed = .init(
            angry: Float(mood), happy: Float(1 - mood) / 2, neutral: Float(1 - mood) / 3, sad: Float(1 - mood) / 6)
        snapshot.levels.level = -60 * mood
        snapshot.levels.peakHold = mood > 0.7 ? -3 : -12
        snapshot.performance.latency = 1000 * mood * mood
        snapshot.performance.inference = 700 * mood * mood
        snapshot.performance.realTimeFactor = mood
        return EmotionTUI.Painter.frame(
            of: snapshot, state: DashboardState(), width: 120, height: 36, glyphs: .braille, depth: .indexed)
    }

    private init() {
        let frames = Self.frames
        let lines = frames.map { $0.text.components(separatedBy: "\n") }
        fixed = (0..<36).map { y in
            lines.dropFirst().reduce(Self.marks(lines[0][y])) { $0.intersection(Self.marks($1[y])) }
        }
        used = (0..<36).map { y in
            (0..<120).map { x in frames.contains { $0[x, y].scalar != 0x20 || $0[x, y].style.reverse } }
        }
    }

    /// The first difference of each row: a mark that the picture lacks, or a word where no frame shows anything.
    func differences(from lines: [String]) -> [String] {
        (0..<36).compactMap { y in
            let shown = lines.indices.contains(y) ? Self.marks(lines[y]) : []
            if let lacking = fixed[y].subtracting(shown).min(by: { $0.column < $1.column }) {
                return "row \(y + 1) lacks \"\(lacking.text)\" in column \(lacking.column + 1)"
            }
            let extra = shown.filter { $0.text.count > 2 && $0.column < 120 && !used[y][$0.column] }
            return extra.first.map { "row \(y + 1) has \"\($0.text)\", which is no longer drawn" }
        }
    }

    /// The words of two letters or more and the sides of boxes.
    private static func marks(_ line: String) -> Set<Mark> {
        var marks: Set<Mark> = []
        var word = Mark(column: 0, text: "")
        for (column, scalar) in (line + " ").unicodeScalars.enumerated() {
            if scalar.isASCII, scalar.properties.isAlphabetic {
                if word.text.isEmpty { word.column = column }
                word.text.unicodeScalars.append(scalar)
                continue
            }
            if word.text.count > 1 { marks.insert(word) }
            word.text = ""
            if "╭╮╰╯│".unicodeScalars.contains(scalar) { marks.insert(Mark(column: column, text: String(scalar))) }
        }
        return marks
    }
}
