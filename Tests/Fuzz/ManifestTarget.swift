import EmotionEvaluation
import Foundation

/// Manifests: tables of cells that are nearly right, with quotes, line ends and bytes changed.
struct ManifestTarget: Target {
    private let path: String

    init(scratch: String) {
        path = scratch + "/manifest.csv"
    }

    func run(_ chance: inout Chance) {
        var columns = ["path", "speaker", "emotion", "corpus"].shuffled(using: &chance)
        if chance.once(in: 4) { columns.insert(chance.pick(["path", "", "more", "\"note\""]), at: chance.below(5)) }
        var text = columns.joined(separator: ",") + "\n"
        for _ in 0..<chance.below(12) {
            let cells = columns.map { column in
                chance.once(in: 4) ? Self.odd(&chance) : column == "emotion" ? "sad" : "a"
            }
            text += cells.joined(separator: ",") + chance.pick(["\n", "\r\n", "\r\n", "\r", "\n\n"])
        }
        var bytes = Array(text.utf8)
        if chance.once(in: 8) { bytes = [0xEF, 0xBB, 0xBF] + bytes }
        if chance.once(in: 2) { bytes.mutate(&chance) }
        put(bytes, in: path)
        guard let manifest = try? Manifest(path: path) else { return }
        if manifest.clips.contains(where: { $0.path.isEmpty || $0.speaker.isEmpty || $0.corpus.isEmpty }) {
            Guard.fail("a clip with an empty cell")
        }
    }

    private static func odd(_ chance: inout Chance) -> String {
        chance.pick([
            "", "\"", "\"\"", "\"a,b\"", "\"two\r\nlines\"", "\"say \"\"hi\"\"\"", "=1+1", "/", ".", "..", "../..",
            "/dev/zero",
            "/proc/self/mem", "\u{0}", "happy", "ünï", String(repeating: "../", count: chance.below(3000)),
            String(repeating: "x", count: chance.once(in: 8) ? 70_000 : 100),
        ])
    }
}
