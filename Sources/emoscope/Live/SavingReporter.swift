import EmotionCore
import EmotionStream

/// Tells of what happens to log and saved sound: each thing once to the user, each stretch of sound that is missing as a
/// row.
struct SavingReporter {
    private var audio = AudioRecorder.Status()

    /// What is new, for the user.
    mutating func news(_ logController: LogController, _ audioRecorder: AudioRecorder?, _ session: Session) -> [String]
    {
        var news = logController.news().map { [$0] } ?? []
        guard let audioRecorder else { return news }
        let now = audioRecorder.status
        for gap in now.gaps.dropFirst(audio.gaps.count) {
            let seconds = AudioFormat.seconds(gap.end - gap.start).fixed(2)
            session.reportUnsaved(
                gap.start..<gap.end,
                note: "\(seconds) s of sound not saved: \(gap.reason); silence in their place")
            news.append("saving sound goes on; \(seconds) s are missing in \"\(audioRecorder.path)\"")
        }
        if let trouble = now.trouble, trouble != audio.trouble { news.append(trouble) }
        audio = now
        return news
    }
}
