extension Painter {
    /// Paints the entry of a speaker's name in one row: the question or what is wrong, then the text with a cursor. The
    /// end of the text always shows.
    mutating func paintEntry(_ entry: SpeakerEntry, y: Int) {
        let right = frame.width - 1
        var x = 1
        if let problem = entry.problem {
            let answer = entry.name.map { displayWidth($0) + displayWidth(entry.text) + 5 } ?? 0
            x += frame.put(problem, x: x, y: y, .alarm, limit: right - x - answer)
            if x > 1 { x += 2 }
        }
        let prompts = entry.problem == nil ? entry.prompts[...] : entry.prompts.suffix(1)
        guard entry.name != nil else {
            if entry.problem == nil { paintPrompt(prompts, x: x, y: y, limit: right - x) }
            return
        }
        paintAnswer(prompts, entry.text, x: x, y: y)
    }

    /// Paints a question and the text that is typed after it, with a cursor.
    mutating func paintAnswer(_ prompts: some Collection<String>, _ answer: String, x start: Int, y: Int) {
        let right = frame.width - 1
        var x = start + paintPrompt(prompts, x: start, y: y, limit: right - start - displayWidth(answer) - 2)
        if x > 1 { x += 1 }
        var text = answer[...]
        while displayWidth(text) > right - x - 1, !text.isEmpty { text.removeFirst() }
        x += frame.put(text, x: x, y: y, .text)
        frame.put(glyphs.cursor, x: min(x, right - 1), y: y, .key)
    }

    /// Paints the longest question that fits, or as much of the shortest as there is room for.
    ///
    /// - Returns: The number of columns written.
    @discardableResult
    private mutating func paintPrompt(_ prompts: some Collection<String>, x: Int, y: Int, limit: Int) -> Int {
        let prompt = prompts.first { displayWidth($0) <= limit } ?? prompts.min { $0.count < $1.count } ?? ""
        return frame.put(prompt, x: x, y: y, .title, limit: limit)
    }
}
