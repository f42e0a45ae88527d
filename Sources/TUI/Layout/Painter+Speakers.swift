import EmotionCore

extension Painter {
    /// The title of the lane that is painted: the name, with a mark while this speaker speaks, and the lane's number
    /// while the user may need it.
    var laneTitle: String {
        (voice.isSpeaking ? "\(glyphs.play) " : "") + laneNumber + snapshot.title(ofVoice: lane)
    }

    private var laneNumber: String { state.entry != nil && isSplit ? "\(lane + 1): " : "" }

    /// The time that the speaker has talked, with the share of all talk where there are several; the longest text first,
    /// and none where speakers are not told apart.
    var talkTexts: [String] {
        guard let time = voice.talkTime else { return [] }
        let clock = numbers.clock(time)
        let share = isSplit ? ["talk \(clock) \(glyphs.separator) \(talkShare)"] : []
        return share + ["talk \(clock)", clock]
    }

    private var talkShare: String { numbers.percent(snapshot.talkShare(ofVoice: lane)).trimmed }

    /// Returns the title of the panel of the newest window: with one speaker so far, the name and the talk time.
    ///
    /// - Parameter room: The columns that there are.
    func nowTitle(room: Int) -> String {
        guard voice.name != nil else { return "last 3 s" }
        let separator = " \(glyphs.separator) "
        let texts = talkTexts.map { laneTitle + separator + $0 }
        // The mark of who speaks comes and goes; the rest stays as it is.
        let slack = voice.isSpeaking ? 0 : 2
        let all = texts.map { "last 3 s" + separator + $0 } + texts
        return all.first { displayWidth($0) + slack <= room } ?? laneTitle
    }

    /// Paints the title of the lane at the left. A speaker's has a column for the mark, so that the name keeps its place.
    ///
    /// - Returns: The first column after it.
    @discardableResult
    mutating func paintLaneTitle(y: Int, limit: Int) -> Int {
        let x = snapshot.hasSpeakers ? 3 : 1
        if voice.isSpeaking, snapshot.hasSpeakers { frame.put(glyphs.play, x: 1, y: y, .key) }
        return x + frame.put(laneNumber + snapshot.title(ofVoice: lane), x: x, y: y, .key, limit: limit)
    }

    /// Paints a speaker in one line: who, the label with its note, and the talk time at the right. A part that does not
    /// fit is left out or shortened: the talk time beside a probability, else the note.
    mutating func paintSpeakerLine(y: Int) {
        let width = min(nameWidth, max(4, frame.width / 4))
        paintLaneTitle(y: y, limit: width)
        var x = 3 + width + 1
        let headline = headline
        let style = Style(role: headline.role, bold: true, reverse: isNamed)
        x += frame.put(" \(headline.word.uppercased()) ", x: x, y: y, style, limit: frame.width - 1 - x)
        var right = frame.width - 1
        let reserved = voice.current == .speech ? 0 : talkTexts.first.map { displayWidth($0) + 2 } ?? 0
        if !headline.note.isEmpty, x + 1 + displayWidth(headline.note) + reserved <= right {
            x += 1 + frame.put(headline.note, x: x + 1, y: y, .label)
        }
        guard let talk = talkTexts.first(where: { x + 2 + displayWidth($0) <= right }) else { return }
        right -= displayWidth(talk)
        frame.put(talk, x: right, y: y, .label)
        if voice.current == .speech, x + 4 + displayWidth(baselineText) <= right {
            frame.put(baselineText, x: x + 2, y: y, .label)
        }
    }

    /// Paints the talk time, a line as long as its share of all talk, and the share.
    mutating func paintTalkLine(x: Int, y: Int, width: Int) {
        guard let time = voice.talkTime else { return }
        frame.put("talk", x: x, y: y, .label)
        frame.put(numbers.padded(numbers.clock(time), 7), x: x + 5, y: y, .text, limit: width - 11)
        paintLine(
            x: x + 13, y: y, width: width - 19, fraction: snapshot.talkShare(ofVoice: lane) ?? 0, .accent)
        frame.put(numbers.padded(talkShare, 5), x: x + width - 5, y: y, .text)
    }

    /// The columns of the longest name, so that the labels of all speakers stand below one another.
    private var nameWidth: Int {
        displayWidth(laneNumber)
            + (snapshot.voices.indices.map { displayWidth(snapshot.title(ofVoice: $0)) }.max() ?? 0)
    }
}
