import EmotionEvaluation

/// Files of speaker turns: lines that are nearly right, with fields and bytes changed; then their error rate.
struct TurnsTarget: Target {
    private let path: String

    init(scratch: String) {
        path = scratch + "/turns.rttm"
    }

    func run(_ chance: inout Chance) {
        var text = ""
        for _ in 0..<chance.below(12) {
            var fields = ["SPEAKER", "a", "1", "\(chance.below(50)).5", "\(chance.below(9)).25", "<NA>", "<NA>"]
            fields += [chance.pick(["x", "y", "z"]), "<NA>", "<NA>"]
            if chance.once(in: 6) { fields[chance.below(fields.count)] = Self.odd(&chance) }
            if chance.once(in: 12) { fields.removeLast(chance.below(fields.count)) }
            text += fields.joined(separator: chance.pick([" ", "\t", "  "])) + chance.pick(["\n", "\r\n", "\n\n"])
        }
        var bytes = Array(text.utf8)
        if chance.once(in: 2) { bytes.mutate(&chance) }
        put(bytes, in: path)
        guard let turns = try? RTTM(path: path) else { return }
        for own in turns.recordings.values {
            var rate = DiarizationErrorRate()
            rate.add(reference: own, hypothesis: own, collar: chance.pick([0, 0.25]), countsOverlap: true)
            if rate.missed + rate.falseAlarm + rate.confused > 1e-6 * max(1, rate.total) {
                Guard.fail("turns that are not their own")
            }
        }
    }

    private static func odd(_ chance: inout Chance) -> String {
        chance.pick([
            "", "SPKR-INFO", ";;", "-1", "nan", "inf", "1e308", "1e6", "0", "0x1p3", "ünï", "\u{0}", "9999999.9",
            String(repeating: "x", count: chance.once(in: 8) ? 5000 : 100),
        ])
    }
}
