import Foundation
import Testing

@testable import EmotionTUI

/// Compares the dashboard with the pictures in `Frames`: a folder for each scene, a file for each size and set of
/// characters.
///
/// `make frames` records them again; the difference in version control is then reviewed.
@Suite struct GoldenFrameTests {
    static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Frames")
    static let isRecording = ProcessInfo.processInfo.environment["EMOSCOPE_RECORD_FRAMES"] != nil
    static let sizes = [(40, 10), (60, 15), (80, 24), (120, 36), (200, 50)]

    @Test(.enabled(if: isRecording)) func recordsEveryScene() throws {
        try? FileManager.default.removeItem(at: Self.folder)
        for scene in Scene.all {
            let folder = Self.folder.appendingPathComponent(scene.name)
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            for (name, text) in Self.frames(scene) {
                try text.write(to: folder.appendingPathComponent(name), atomically: true, encoding: .utf8)
            }
        }
    }

    @Test(.disabled(if: isRecording), arguments: Scene.all) func eachSceneIsDrawnAsItWasReviewed(scene: Scene) throws {
        let folder = Self.folder.appendingPathComponent(scene.name)
        for (name, text) in Self.frames(scene) {
            let file = folder.appendingPathComponent(name)
            let golden = (try? String(contentsOf: file, encoding: .utf8)) ?? ""
            if let difference = Self.difference(golden: golden, drawn: text) {
                Issue.record("Frames/\(scene.name)/\(name) differs: \(difference)")
            }
        }
    }

    @Test(.disabled(if: isRecording)) func theFolderHoldsNothingThatIsNoLongerDrawn() throws {
        let scenes = try FileManager.default.contentsOfDirectory(atPath: Self.folder.path)
        #expect(Set(scenes) == Set(Scene.all.map(\.name)))
        for scene in Scene.all {
            let folder = Self.folder.appendingPathComponent(scene.name)
            let files = try FileManager.default.contentsOfDirectory(atPath: folder.path)
            #expect(Set(files) == Set(Self.frames(scene).map(\.name)), "in Frames/\(scene.name)")
        }
    }

    @Test func theFirstLineThatDiffersIsNamed() {
        #expect(Self.difference(golden: "a\nb\n", drawn: "a\nb\n") == nil)
        #expect(
            Self.difference(golden: "a\nb\nc\n", drawn: "a\nB\nC\n")
                == "line 2 is\nB\nand was\nb\n`make frames` records what is drawn now")
        #expect(Self.difference(golden: "", drawn: "a\n")?.hasPrefix("line 1 is\na\n") == true)
        #expect(Self.difference(golden: "a\n\n", drawn: "a\n")?.hasPrefix("line 3 is\n(nothing)\n") == true)
    }

    /// The scene in every size: in braille with its styles below it, and in ASCII.
    private static func frames(_ scene: Scene) -> [(name: String, text: String)] {
        sizes.flatMap { width, height in
            let braille = picture(scene.snapshot, width, height, state: scene.state)
            let ascii = picture(scene.snapshot, width, height, state: scene.state, glyphs: .ascii)
            return [
                ("\(width)x\(height).txt", braille.text + "\n" + braille.styleText),
                ("\(width)x\(height)-ascii.txt", ascii.text),
            ]
        }
    }

    private static func difference(golden: String, drawn: String) -> String? {
        let was = golden.components(separatedBy: "\n")
        let now = drawn.components(separatedBy: "\n")
        for index in 0..<max(was.count, now.count) {
            let (old, new) = (
                was.indices.contains(index) ? was[index] : nil, now.indices.contains(index) ? now[index] : nil
            )
            guard old != new else { continue }
            return "line \(index + 1) is\n\(new ?? "(nothing)")\nand was\n\(old ?? "(nothing)")\n"
                + "`make frames` records what is drawn now"
        }
        return nil
    }
}

extension Frame {
    /// The styles of the picture, a line for each row, as runs of cells: the style's letter, `*` if bold, `~` if
    /// reversed, `-` if dim, the strength of the tint, and the number of cells; `.` stands for cells that show nothing.
    var styleText: String {
        (0..<height).map { y in
            var runs: [(code: String, count: Int)] = []
            for x in 0..<width {
                let cell = self[x, y]
                let code = cell == Cell() ? "." : Self.code(cell.style)
                if runs.last?.code == code { runs[runs.count - 1].count += 1 } else { runs.append((code, 1)) }
            }
            return runs.map { "\($0.code)\($0.count)" }.joined(separator: " ") + "\n"
        }.joined()
    }

    private static func code(_ style: Style) -> String {
        let letter =
            switch style.role {
            case .text: "t"
            case .label: "l"
            case .faint: "f"
            case .accent: "a"
            case .alarm: "!"
            case .angry: "A"
            case .happy: "H"
            case .neutral: "N"
            case .sad: "S"
            case .levelLow: "v"
            case .levelMiddle: "w"
            case .levelHigh: "x"
            }
        let tint = style.tint.map { "\($0.strength)" } ?? ""
        return letter + (style.bold ? "*" : "") + (style.reverse ? "~" : "") + (style.isDim ? "-" : "") + tint
    }
}
