import EmotionCore
import EmotionFiles
import EmotionSoundFiles
import EmotionStream

/// Writes what the session hears to a WAV file. Sound that cannot be written leaves silence of its length, so that the
/// file's time stays the stream's; it goes on as soon as the file takes something again.
final class AudioRecorder: AudioSink {
    let path: String
    private let channels: Int
    /// The session's queue writes; the lock is free then, but for `discard` before the session begins.
    private let writer: Locked<WAVWriter>

    init(path: String, existing: ExistingFilePolicy, channels: Int) throws(FileError) {
        self.path = path
        self.channels = channels
        writer = Locked(try WAVWriter(path: path, existing: existing, channels: channels))
    }

    func write(_ samples: [Float]) throws(FileError) {
        try writer.withLock { writer throws(FileError) in
            do throws(FileError) {
                try writer.append(samples)
            } catch {
                writer.skip(samples.count / channels)
                throw error
            }
        }
    }

    /// Takes away a file that holds no sound: it would be in the way of the next try.
    func discard() {
        writer.withLock { $0.discard() }
    }

    /// After the session has stopped: what did not get into the file.
    func check(_ saved: SavedAudio) throws {
        guard saved.missingFrames > 0 else { return }
        let seconds = AudioFormat.seconds(saved.missingFrames).fixed(2)
        throw Failure(
            .output, "\(seconds) s of sound are missing in \"\(path)\"" + (saved.trouble.map { ": \($0)" } ?? ""))
    }

    /// For the summary.
    func line(_ saved: SavedAudio) -> String {
        "audio: \(path)"
            + (saved.missingFrames > 0
                ? "; \(AudioFormat.seconds(saved.missingFrames).fixed(2)) s are missing, silence in their place" : "")
    }
}
