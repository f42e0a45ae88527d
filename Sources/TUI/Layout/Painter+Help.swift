extension Painter {
    /// Paints a page of the help in a box over the middle of the picture.
    mutating func paintHelp() {
        let layout = HelpLayout(width: frame.width, height: frame.height)
        let pages = layout.pages(hasSpeakers: snapshot.hasSpeakers, glyphs: glyphs)
        let number = min(state.helpPage, pages.count - 1)
        let columns = pages[number]
        let rows = columns.map(\.count).max() ?? 0
        let (width, height) = (layout.boxWidth, min(frame.height, rows + 2))
        let rect = Rect(x: (frame.width - width) / 2, y: (frame.height - height) / 2, width: width, height: height)
        clear(rect)
        let page = pages.count > 1 ? "\(number + 1)/\(pages.count) " : ""
        let note = number + 1 < pages.count ? "\(page)?: next page, Esc closes" : "\(page)Esc closes"
        paintBorder(rect, title: "help", note: note)
        for (column, lines) in columns.enumerated() {
            let x = rect.x + 2 + column * layout.secondColumn
            for (row, line) in lines.enumerated() where rect.y + 1 + row < rect.bottom - 1 {
                let y = rect.y + 1 + row
                frame.put(line.name, x: x, y: y, line.isHeading ? .title : .key)
                frame.put(
                    line.text, x: x + HelpText.nameWidth, y: y, .text, limit: rect.right - 1 - x - HelpText.nameWidth)
            }
        }
    }

    /// Blanks a rectangle. A double-width character of which it covers a half goes as a whole.
    mutating func clear(_ rect: Rect) {
        for y in rect.y..<rect.bottom {
            if rect.x > 0, frame[rect.x, y].scalar == 0 { frame.put(" ", x: rect.x - 1, y: y, .text) }
            if rect.right < frame.width, frame[rect.right, y].scalar == 0 {
                frame.put(" ", x: rect.right, y: y, .text)
            }
            frame.fill(" ", x: rect.x, y: y, count: rect.width, .text)
        }
    }

    /// Paints the entry of a marker's note in one row. The end of the text always shows.
    mutating func paintMarkerNote(_ note: MarkerNote, y: Int) {
        let prompts = [
            "note, begun at \(numbers.clock(note.time)) (Enter sets the marker, Esc: none):",
            "note, begun at \(numbers.clock(note.time)):", "note:",
        ]
        paintAnswer(prompts[...], note.text, x: 1, y: y)
    }
}
