import Capture
import Synchronization

/// Writes what the session hears to a WAV file; remembers the first failure and stops there.
final class AudioSaver: @unchecked Sendable {
    let path: String

    /// Used on the session's queue only.
    private let writer: WAVWriter
    private let failed = Mutex<CaptureError?>(nil)

    init(path: String, overwriting: Bool) throws(CaptureError) {
        self.path = path
        writer = try WAVWriter(path: path, overwriting: overwriting)
    }

    var failure: CaptureError? { failed.withLock { $0 } }

    func append(_ samples: [Float]) {
        guard failure == nil else { return }
        do {
            try writer.append(samples)
        } catch {
            failed.withLock { $0 = error }
        }
    }

    /// After the session has stopped.
    func close() throws(CaptureError) {
        try writer.close()
    }
}
