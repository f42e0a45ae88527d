/// The help: the keys, and what each sign on the dashboard means.
enum HelpText {
    /// One row of the help: a name at the left, a text beside it.
    struct Line: Equatable {
        var name: String
        var text: String
        var isHeading = false
    }

    /// The columns of the names.
    static let nameWidth = 10

    /// Returns the rows about the keys; a text that is longer than `room` columns goes on in further rows.
    static func keys(hasSpeakers: Bool, glyphs: Glyphs, room: Int) -> [Line] {
        KeyTable.all(hasSpeakers: hasSpeakers).flatMap { entry in
            lines(glyphs == .ascii ? entry.asciiKeys : entry.keys, entry.long, room: room)
        }
    }

    /// Returns the rows about the signs.
    static func signs(hasSpeakers: Bool, glyphs: Glyphs, room: Int) -> [Line] {
        var signs: [(String, String)] = [
            ("A H N S", "angry, happy, neutral, sad; the number is the probability in %"),
            ("? unsure", "no emotion reaches the threshold"),
            ("\(glyphs.silence)", "nobody speaks: no emotion is claimed"),
            ("\(glyphs.dropped)", "no reading: sound or a window was lost"),
            ("\(glyphs.markerArrow)", "a marker"),
            ("last 3 s", "the emotion of the newest window, whose middle is 1.5 s ago"),
            ("baseline", "what is known of the voice's normal"),
            ("voice", "probability that somebody speaks now"),
            ("speech", "share of the last 3 s that is speech"),
            ("latency", "from the end of a window to its picture"),
            ("load", "computing time for a second of sound; over 1 is too slow"),
            ("clock", "the microphone's clock against the computer's"),
        ]
        if hasSpeakers {
            signs.insert(("\(glyphs.overlap)", "two speak at once"), at: 4)
            signs.insert(("\(glyphs.play)", "who speaks now"), at: 5)
        }
        return signs.flatMap { lines($0.0, $0.1, room: room) }
    }

    /// Returns the number of pages that the help takes on a terminal.
    static func pages(width: Int, height: Int, hasSpeakers: Bool, glyphs: Glyphs) -> Int {
        let layout = HelpLayout(width: width, height: height)
        return layout.pages(hasSpeakers: hasSpeakers, glyphs: glyphs).count
    }

    /// Breaks a text into rows at its blanks.
    private static func lines(_ name: String, _ text: String, room: Int) -> [Line] {
        var rows: [String] = [""]
        for word in text.split(separator: " ") {
            let longer = rows[rows.count - 1].isEmpty ? String(word) : rows[rows.count - 1] + " " + word
            if displayWidth(longer) <= room || rows[rows.count - 1].isEmpty {
                rows[rows.count - 1] = longer
            } else {
                rows.append(String(word))
            }
        }
        return rows.enumerated().map { Line(name: $0 == 0 ? name : "", text: $1) }
    }
}

/// The place of the help on a terminal: two columns where there is room, else pages of one.
struct HelpLayout {
    let width: Int
    let height: Int

    /// The columns of the box.
    var boxWidth: Int { min(width, isDouble ? 112 : 58) }

    private var isDouble: Bool { width >= 100 && height >= 24 }

    /// The columns of a text.
    private var room: Int { (isDouble ? boxWidth / 2 - 1 : boxWidth) - 5 - HelpText.nameWidth }

    /// The first column of the second column of text, from the left edge of the box.
    var secondColumn: Int { boxWidth / 2 }

    /// Returns the pages, each with one or two columns of rows.
    func pages(hasSpeakers: Bool, glyphs: Glyphs) -> [[[HelpText.Line]]] {
        let heading = { HelpText.Line(name: $0, text: "", isHeading: true) }
        let keys = [heading("keys")] + HelpText.keys(hasSpeakers: hasSpeakers, glyphs: glyphs, room: room)
        let signs = [heading("signs")] + HelpText.signs(hasSpeakers: hasSpeakers, glyphs: glyphs, room: room)
        if isDouble { return [[keys, signs]] }
        let rows = max(1, height - 2)
        return [keys, signs].flatMap { lines in
            stride(from: 0, to: lines.count, by: rows).map { [Array(lines[$0..<min($0 + rows, lines.count)])] }
        }
    }
}
