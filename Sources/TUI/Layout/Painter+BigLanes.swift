import EmotionCore

extension Painter {
    /// Paints the big view of the only voice, with its name where it has one.
    mutating func paintBigVoice(_ body: Rect) {
        paintBig(body)
        if voice.name != nil { paintLaneHead(y: body.y) }
    }

    /// Paints a lane of the big view. A low lane has the note beside the name, and the percentages in a line where the
    /// bars have no room; a lower one has a line in place of the large letters.
    ///
    /// - Parameter lowest: The rows of the lowest lane, so that all lanes have the same parts.
    mutating func paintBigLane(_ rect: Rect, lowest: Int) {
        guard lowest >= 5 else {
            paintLowBigLane(rect, lowest: lowest)
            return
        }
        if lowest >= 9 { paintBig(rect) }
        let (x, right) = paintLaneHead(y: rect.y)
        guard lowest < 9 else { return }
        if lowest >= 6 {
            paintBarGrid(Rect(x: 2, y: rect.bottom - 2, width: rect.width - 4, height: 2))
        } else {
            paintScoresLine(y: rect.y + 4)
        }
        let headline = headline
        frame.put(headline.note, x: x, y: rect.y, .label, limit: right - x)
        paintBigWord(headline.word, x: 2, y: rect.y + 1, limit: rect.width - 4, Style(role: headline.role))
    }

    private mutating func paintLowBigLane(_ rect: Rect, lowest: Int) {
        if snapshot.hasSpeakers {
            paintSpeakerLine(y: rect.y)
        } else {
            paintNowLine(x: paintLaneTitle(y: rect.y, limit: frame.width / 2) + 2, y: rect.y)
        }
        if lowest >= 3 {
            paintBarGrid(Rect(x: 2, y: rect.bottom - 2, width: rect.width - 4, height: 2))
        } else if lowest == 2 {
            paintScoresLine(y: rect.y + 1)
        }
    }

    /// Paints the title of a lane and, at the right, the talk time.
    ///
    /// - Returns: The first column and the end of the free columns between them.
    @discardableResult
    private mutating func paintLaneHead(y: Int) -> (x: Int, right: Int) {
        let x = paintLaneTitle(y: y, limit: frame.width / 2) + 2
        let right = frame.width - 1
        guard let talk = talkTexts.first(where: { displayWidth($0) <= right - x }) else { return (x, right) }
        frame.put(talk, x: right - displayWidth(talk), y: y, .label)
        return (x, right - displayWidth(talk) - 2)
    }
}
