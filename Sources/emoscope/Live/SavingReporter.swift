import EmotionCore
import EmotionStream

/// Reports changes of the log and of the saved sound to the user, each once.
struct SavingReporter {
    private var audio = SavedAudio()

    /// Returns the new messages.
    ///
    /// - Parameters:
    ///   - saved: The present state of the saved sound.
    ///   - path: Path of the file that sound is saved to; nil for none.
    mutating func news(_ logController: LogController, _ saved: SavedAudio, path: String?) -> [String] {
        var news = logController.news().map { [$0] } ?? []
        guard let path else { return news }
        for gap in saved.gaps.dropFirst(audio.gaps.count) {
            news.append(
                "saving of sound resumed: \(AudioFormat.seconds(gap.range.count).fixed(2)) s are missing in \"\(path)\""
            )
        }
        if let trouble = saved.trouble, trouble != audio.trouble { news.append(trouble) }
        audio = saved
        return news
    }
}
