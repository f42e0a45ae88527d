import EmotionCore
import EmotionFiles
import EmotionSoundFiles
import EmotionStream

/// Writes the sound of a session to a WAV file. Sound that cannot be written is replaced by silence of the same length,
/// so that the time of the file stays that of the stream. Writing resumes as soon as the file takes data again.
final class AudioRecorder: AudioSink {
    let path: String
    private let channels: Int
    /// The session's queue writes; only `discard`, before the session begins, and displays also take the lock.
    private let writer: Locked<WAVWriter>

    init(path: String, existing: ExistingFilePolicy, channels: Int) throws(FileError) {
        self.path = path
        self.channels = channels
        writer = Locked(try WAVWriter(path: path, existing: existing, channels: channels))
    }

    /// The size of the file.
    var bytes: Int { writer.withLock { $0.size } }

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

    /// Removes a file that holds no sound, which would be in the way of the next session.
    func discard() {
        writer.withLock { $0.discard() }
    }

    /// Throws if sound is missing in the file. Called after the session has stopped.
    func check(_ saved: SavedAudio) throws {
        guard saved.missingFrames > 0 else { return }
        let seconds = AudioFormat.seconds(saved.missingFrames).fixed(2)
        throw Failure(
            .output, "\(seconds) s of sound are missing in \"\(path)\"" + (saved.trouble.map { ": \($0)" } ?? ""))
    }

    /// The line of the summary about the file.
    func line(_ saved: SavedAudio) -> String {
        "audio: \(path)"
            + (saved.missingFrames > 0
                ? "; \(AudioFormat.seconds(saved.missingFrames).fixed(2)) s are missing, silence in their place" : "")
    }
}
