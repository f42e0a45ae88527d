import CSndFile
import Glibc

/// Writes what was heard to a WAV file: 16 kHz mono, 32-bit float, so that ``AudioFile`` gives back the very same bits.
///
/// After each `append` the file on disk is complete and its header right: a killed program loses nothing of what it had
/// appended. Past 4 GiB (18 hours) the header turns into RF64's by itself. One thread at a time uses it.
@safe public final class WAVWriter {
    public let path: String
    /// Samples written so far.
    public private(set) var samplesWritten = 0
    private var handle: OpaquePointer?

    /// Creates the file.
    ///
    /// - Parameter overwriting: Whether a file that is there already may go; else it is an error.
    public init(path: String, overwriting: Bool = false) throws(CaptureError) {
        self.path = path
        let existing = overwriting ? O_TRUNC : O_EXCL
        let descriptor = unsafe open(path, O_RDWR | O_CREAT | O_CLOEXEC | existing, 0o666)
        guard descriptor >= 0 else {
            let isThere = errno == EEXIST
            throw CaptureError(
                .outputFile, path, cannot: "create",
                because: isThere ? "there is such a file already" : unsafe String(cString: strerror(errno)),
                advice: isThere ? "choose another name" : nil)
        }
        var info = SF_INFO()
        info.samplerate = Int32(captureRate)
        info.channels = 1
        info.format = Int32(SF_FORMAT_RF64) | Int32(SF_FORMAT_FLOAT)
        // libsndfile closes the descriptor with the file, and on failure.
        guard let opened = unsafe sf_open_fd(descriptor, Int32(SFM_WRITE), &info, 1) else {
            throw CaptureError(.outputFile, path, cannot: "create", because: sndfileText(nil))
        }
        unsafe handle = opened
        // Before anything is written: the file is a plain WAV as long as it can be one, has no peak chunk (whose time
        // stamp would make two equal recordings differ), and its header follows its data.
        unsafe sf_command(opened, Int32(SFC_RF64_AUTO_DOWNGRADE), nil, 1)
        unsafe sf_command(opened, Int32(SFC_SET_ADD_PEAK_CHUNK), nil, 0)
        unsafe sf_command(opened, Int32(SFC_SET_UPDATE_HEADER_AUTO), nil, 1)
        unsafe sf_command(opened, Int32(SFC_UPDATE_HEADER_NOW), nil, 0)
        try check("create")
    }

    deinit {
        if let handle = unsafe handle { unsafe sf_close(handle) }
    }

    /// Writes `samples` after what is there.
    public func append(_ samples: UnsafeBufferPointer<Float>) throws(CaptureError) {
        guard let handle = unsafe handle else {
            throw CaptureError(.outputFile, path, cannot: "write", because: "it was closed before")
        }
        guard let first = samples.baseAddress, !samples.isEmpty else { return }
        let written = unsafe sf_writef_float(handle, first, Int64(samples.count))
        samplesWritten += Int(max(0, written))
        try check("write")
        guard written == samples.count else {
            throw CaptureError(
                .outputFile, path, cannot: "write", because: "the disk took only a part of it", advice: "make room")
        }
    }

    /// Writes `samples` after what is there.
    public func append(_ samples: [Float]) throws(CaptureError) {
        var failure: CaptureError?
        unsafe samples.withUnsafeBufferPointer { buffer in
            do throws(CaptureError) { unsafe try append(buffer) } catch { failure = error }
        }
        if let failure { throw failure }
    }

    /// Ends the file; harmless a second time. Letting go of the writer closes it too, but cannot throw.
    public func close() throws(CaptureError) {
        guard let handle = unsafe handle else { return }
        unsafe self.handle = nil
        guard unsafe sf_close(handle) == 0 else {
            throw CaptureError(.outputFile, path, cannot: "finish", because: "the last of it could not be written")
        }
    }

    private func check(_ attempt: String) throws(CaptureError) {
        guard unsafe sf_error(handle) != 0 else { return }
        throw CaptureError(.outputFile, path, cannot: attempt, because: unsafe sndfileText(handle))
    }
}
