import CEmotionGlibc
import Dispatch
import EmotionCore
import Glibc

/// The decoder of what libsndfile does not read, by the program ffmpeg where it is installed: m4a, mp4, mkv, webm, wma, amr and
/// others.
///
/// ffmpeg gets the open file as its standard input and sends floats through a pipe. It runs without a shell, opens nothing that
/// the file names on a network, has bounded memory, and ends with this process.
final class FFmpegDecoder: FrameDecoder {
    /// The environment variable that names the program; empty for none.
    private static let variable = "EMOSCOPE_FFMPEG"
    /// The bytes of address space that it may have, 2 GiB, and the seconds of processor time.
    private static let (memory, seconds) = (UInt(1) << 31, UInt(3600))
    /// The formats that it may take the file for: none that is a list of other files.
    private static let formats = [
        "mov", "mp4", "matroska", "webm", "asf", "amr", "amrnb", "amrwb", "aac", "ogg", "flac", "mp3", "wav", "w64",
        "caf",
        "aiff", "au", "flv", "avi", "mpegts", "mpeg", "ac3", "eac3", "dts", "tta", "wv", "ape", "tak", "mpc", "mpc8",
        "loas",
    ].joined(separator: ",")

    var sampleRate: Int { samples.sampleRate }
    var channels: Int { samples.channels }
    let framesClaimed: Int? = nil
    /// ffmpeg gives all samples at full scale ±1.
    let holdsFloats = false
    let headerWarning: SoundWarning? = nil

    private let path: String
    private let child: FFmpegProcess
    private let samples: PCMStream
    let interrupter: StreamInterrupter

    /// The program; nil where it is not installed.
    static var program: String? {
        if let chosen = unsafe getenv(variable) {
            let path = unsafe String(cString: chosen)
            return path.isEmpty ? nil : path
        }
        let folders = unsafe getenv("PATH").map { unsafe String(cString: $0) } ?? "/usr/bin:/bin"
        return folders.split(separator: ":").map { "\($0)/ffmpeg" }.first { unsafe access($0, X_OK) == 0 }
    }

    /// Begins to decode a regular file.
    ///
    /// - Parameter descriptor: Open for reading; closed here.
    init(descriptor: Int32, path: String, by program: String) throws(SoundFileError) {
        self.path = path
        let arguments = [
            program, "-hide_banner", "-nostdin", "-v", "error", "-threads", "1", "-protocol_whitelist", "file,pipe",
            "-format_whitelist", Self.formats, "-i", "file:/dev/fd/0", "-map", "0:a:0", "-vn", "-sn", "-dn", "-c:a",
            "pcm_f32le", "-f", "wav", "pipe:1",
        ]
        defer { close(descriptor) }
        guard
            let (child, output) = FFmpegProcess.start(
                arguments, input: descriptor, memory: Self.memory, seconds: Self.seconds)
        else {
            throw SoundFileError(path, cannot: "open", because: "the program \(program) does not run")
        }
        self.child = child
        let bytes = ByteStream(descriptor: output)
        interrupter = bytes.interrupter
        guard let samples = PCMStream(bytes, path: path) else {
            let words = child.finish().words
            throw SoundFileError(
                path, cannot: "open",
                because: "neither this program nor ffmpeg finds sound in it" + (words.isEmpty ? "" : " (\(words))"))
        }
        self.samples = samples
    }

    deinit {
        child.stop()
    }

    func read(into buffer: UnsafeMutableBufferPointer<Float>) -> Int { unsafe samples.read(into: buffer) }

    func rewind() -> Bool { false }

    func endFailure(after frames: Int) -> SoundFileError? {
        let (status, words) = child.finish()
        guard status != 0 || !words.isEmpty else { return nil }
        return SoundFileError(
            path, cannot: "read on",
            because:
                "its data are damaged or break off after \((Double(frames) / Double(sampleRate)).fixed(3)) s (ffmpeg: "
                + (words.isEmpty ? "it ended with \(status)" : words) + ")")
    }
}

/// A run of ffmpeg. A thread starts it, reads its messages, and waits for its end: the process dies with the thread, and so with
/// this program.
private final class FFmpegProcess: Sendable {
    private struct State {
        var identifier: pid_t?
        var status: Int32 = 0
        var words: [UInt8] = []
    }

    private let state = Locked(State())
    private let thread = Locked<WorkerThread?>(nil)

    /// The bytes of messages that are kept.
    private static let mostWords = 300

    /// Starts the program; returns it and the descriptor of what it writes.
    static func start(
        _ arguments: [String], input: Int32, memory: UInt, seconds: UInt
    ) -> (FFmpegProcess, output: Int32)? {
        var (output, messages): ([Int32], [Int32]) = ([-1, -1], [-1, -1])
        guard unsafe cglibc_pipe(&output) == 0 else { return nil }
        guard unsafe cglibc_pipe(&messages) == 0 else {
            output.forEach { close($0) }
            return nil
        }
        let process = FFmpegProcess()
        let (reader, writer, words, errors) = (output[0], output[1], messages[0], messages[1])
        let started = DispatchSemaphore(value: 0)
        let thread = WorkerThread(name: "emoscope-ffmpeg") {
            let child = Self.run(arguments, input, writer, errors, memory, seconds)
            close(writer)
            close(errors)
            process.state.withLock { $0.identifier = child > 0 ? child : nil }
            started.signal()
            if child > 0 { process.watch(child, words) }
            close(words)
        }
        guard let thread else {
            [reader, writer, words, errors].forEach { close($0) }
            return nil
        }
        started.wait()
        process.thread.withLock { $0 = thread }
        guard process.state.withLock({ $0.identifier }) != nil else {
            close(reader)
            return nil
        }
        return (process, reader)
    }

    private static func run(
        _ arguments: [String], _ input: Int32, _ output: Int32, _ errors: Int32, _ memory: UInt, _ seconds: UInt
    ) -> pid_t {
        var words = unsafe arguments.map { unsafe strdup($0) } + [nil]
        defer { unsafe words.forEach { unsafe free($0) } }
        return unsafe cglibc_run_confined(words[0], &words, input, output, errors, memory, seconds)
    }

    /// Reads the messages of the process to its end, and waits for that.
    private func watch(_ child: pid_t, _ words: Int32) {
        var piece = [UInt8](repeating: 0, count: 4096)
        while true {
            let count = unsafe read(words, &piece, piece.count)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { break }
            state.withLock { $0.words += piece.prefix(min(count, Self.mostWords - $0.words.count)) }
        }
        var info = unsafe siginfo_t()
        while unsafe waitid(P_PID, id_t(child), &info, WEXITED | WNOWAIT) != 0, errno == EINTR {}
        state.withLock { state in
            unsafe waitpid(child, &state.status, 0)
            state.identifier = nil
        }
    }

    /// Waits for the end, and returns the status and the first message on one line.
    func finish() -> (status: Int32, words: String) {
        if let running = thread.withLock({ $0 }) { running.join() }
        return state.withLock { state in
            let text = String(decoding: state.words, as: UTF8.self).replacing("file:/dev/fd/0: ", with: "")
            var line = text.split(separator: "\n").first ?? ""
            // Which part of ffmpeg says it, with an address: [mov @ 0x55…].
            if line.hasPrefix("["), let end = line.firstIndex(of: "]") { line = line[end...].dropFirst(2) }
            return (state.status, String(line))
        }
    }

    /// Ends the process, if it still runs.
    func stop() {
        state.withLock { if let child = $0.identifier { kill(child, SIGKILL) } }
        if let running = thread.withLock({ $0 }) { running.join() }
    }
}
