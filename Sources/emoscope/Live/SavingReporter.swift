import EmotionCore
import EmotionStream

/// Tells the user of what happens to log and saved sound, each thing once.
struct SavingReporter {
    private var audio = SavedAudio()

    /// What is new.
    ///
    /// - Parameters:
    ///   - saved: How the saving of sound fares now.
    ///   - path: Of the file that sound is saved to; nil where none is.
    mutating func news(_ logController: LogController, _ saved: SavedAudio, path: String?) -> [String] {
        var news = logController.news().map { [$0] } ?? []
        guard let path else { return news }
        for gap in saved.gaps.dropFirst(audio.gaps.count) {
            news.append(
                "saving sound goes on; \(AudioFormat.seconds(gap.range.count).fixed(2)) s are missing in \"\(path)\"")
        }
        if let trouble = saved.trouble, trouble != audio.trouble { news.append(trouble) }
        audio = saved
        return news
    }
}
