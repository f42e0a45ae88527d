import EmotionCapture
import EmotionSoundFiles
import Foundation

/// A WAV file with the beginning of the bundled conversation, removed with the value.
final class Recording {
    let path = FileManager.default.temporaryDirectory.appendingPathComponent("\(UUID().uuidString).wav").path

    /// The second channel, if there is one, is half as loud as the first.
    init(seconds: Int, channels: Int) throws {
        let sample = URL(fileURLWithPath: #filePath)
            .deletingLastPathComponent().appendingPathComponent("../../Samples/conversation.flac").standardized.path
        let sound = try AudioFile(path: sample).read(upTo: seconds * 16_000)
        let writer = try WAVWriter(path: path, channels: channels)
        try writer.append(sound.flatMap { sample in (1...channels).map { sample / Float($0) } })
    }

    deinit {
        try? FileManager.default.removeItem(atPath: path)
    }
}
