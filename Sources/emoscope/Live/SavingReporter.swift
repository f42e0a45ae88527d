import Stream

/// Tells of what happens to log and saved sound: each thing once to the user, each stretch of sound that is missing as a
/// row.
struct SavingReporter {
    private var audio = AudioSaver.Status()

    /// What is new, for the user.
    mutating func news(_ recorder: Recorder, _ saver: AudioSaver?, _ session: Session) -> [String] {
        var news = recorder.news().map { [$0] } ?? []
        guard let saver else { return news }
        let now = saver.status
        for gap in now.gaps.dropFirst(audio.gaps.count) {
            let seconds = AudioFormat.seconds(gap.end - gap.start).fixed(2)
            session.reportUnsaved(
                gap.start..<gap.end,
                note: "\(seconds) s of sound not saved: \(gap.reason); silence in their place")
            news.append("saving sound goes on; \(seconds) s are missing in \"\(saver.path)\"")
        }
        if let trouble = now.trouble, trouble != audio.trouble { news.append(trouble) }
        audio = now
        return news
    }
}
