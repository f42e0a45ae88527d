import EmotionCore
import EmotionFiles
import EmotionSoundFiles
import EmotionStream

/// Writes what the session hears to a WAV file. Sound that cannot be written leaves silence of its length, so that the
/// file's time stays the stream's; it goes on as soon as the file takes something again.
final class AudioRecorder: @unchecked Sendable {
    /// How it fares; for any thread.
    struct Status: Equatable {
        /// Frames that were not written.
        var lost = 0
        /// Why sound is not written at this moment.
        var trouble: String?
        /// What was lost by the time it went on.
        var gaps: [Gap] = []
    }

    /// A stretch of the stream, in frames, that was not written.
    struct Gap: Equatable {
        var start: Int
        var end: Int
        var reason: String
    }

    let path: String

    private let published = Locked(Status())
    // Used on the session's queue only.
    private let writer: WAVWriter
    private var position = 0
    private var gap: Gap?

    init(path: String, existing: ExistingFilePolicy, channels: Int) throws(FileError) {
        self.path = path
        writer = try WAVWriter(path: path, existing: existing, channels: channels)
    }

    var status: Status { published.withLock { $0 } }

    func append(_ samples: [Float]) {
        let frames = samples.count / writer.channels
        defer { position += frames }
        do throws(FileError) {
            try writer.append(samples)
            guard let ended = gap else { return }
            gap = nil
            published.withLock { status in
                status.trouble = nil
                status.gaps.append(ended)
            }
        } catch {
            writer.skip(frames)
            gap = Gap(start: gap?.start ?? position, end: position + frames, reason: error.problem)
            published.withLock { status in
                status.lost += frames
                status.trouble = error.description
            }
        }
    }

    /// After the session has stopped: what did not get into the file.
    func finish() throws {
        let status = status
        if status.lost > 0 {
            let seconds = AudioFormat.seconds(status.lost).fixed(2)
            throw Failure(
                .output, "\(seconds) s of sound are missing in \"\(path)\"" + (status.trouble.map { ": \($0)" } ?? ""))
        }
    }

    /// For the summary.
    var line: String {
        let lost = status.lost
        return "audio: \(path)"
            + (lost > 0 ? "; \(AudioFormat.seconds(lost).fixed(2)) s are missing, silence in their place" : "")
    }

    /// Takes away a file that holds no sound: it would be in the way of the next try.
    func discard() {
        writer.discard()
    }
}
