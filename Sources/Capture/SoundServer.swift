import CEmotionPulse
import EmotionCore
import Glibc

/// A connection to the user's sound server, PulseAudio or PipeWire, which tells its sources by the names that people know.
///
/// The server is asked through its client library, which is loaded when it is there; no sound goes through this
/// connection. Use it on one thread at a time.
@safe public final class SoundServer {
    /// A source of the server: a microphone, or the monitor of what is played.
    public struct Source: Equatable, Sendable {
        /// The server's name, such as `alsa_input.usb-Blue_Yeti-00.mono-fallback`.
        public var name: String
        /// The name for people, such as `Blue Yeti Mono`.
        public var description: String
        /// Whether it carries what is played, and not what a microphone hears.
        public var isMonitor: Bool
        /// Whether it is the source that is heard where none is named.
        public var isDefault: Bool
        /// The server's number of it.
        var index: UInt32
    }

    /// A stream that records.
    struct Recording: Equatable {
        var index: UInt32
        var source: UInt32
        /// The number of the process, as the server knows it.
        var process: String
    }

    /// What the server has told.
    struct Answer: Equatable {
        var sources: [Source] = []
        var recordings: [Recording] = []
        fileprivate var standard: String?
        /// The lists that have not ended.
        fileprivate var missing = 3
    }

    private static let library: cpulse_calls? = {
        var calls = cpulse_calls()
        return unsafe cpulse_load(&calls) == 1 ? calls : nil
    }()

    private let calls: cpulse_calls
    private let loop: UnsafeMutableRawPointer
    private let context: UnsafeMutableRawPointer
    private var answer: Answer?
    private var isWatching = false
    /// Whether something changed since `takeChange()`.
    private var hasChanged = false

    /// Begins to connect.
    ///
    /// - Returns: nil where the client library is not installed.
    init?() {
        guard let calls = Self.library, let loop = calls.mainloop_new() else { return nil }
        self.calls = calls
        unsafe self.loop = loop
        guard let context = unsafe calls.context_new(calls.mainloop_get_api(loop), "emoscope") else {
            unsafe calls.mainloop_free(loop)
            return nil
        }
        unsafe self.context = context
        _ = unsafe calls.context_connect(context, nil, Int32(cpulse_no_autospawn), nil)
    }

    deinit {
        unsafe calls.context_set_subscribe_callback(context, nil, nil)
        unsafe calls.context_disconnect(context)
        unsafe calls.context_unref(context)
        unsafe calls.mainloop_free(loop)
    }

    /// The sources of the server, microphones first.
    ///
    /// - Parameter seconds: How long the server may take.
    /// - Returns: nil where there is no server, or it does not answer in time.
    public static func sources(within seconds: Double = 2) -> [Source]? {
        guard let server = SoundServer() else { return nil }
        let deadline = Clock.now + Int(seconds * 1e9)
        while Clock.now < deadline, !server.hasFailed {
            server.dispatch(waiting: 10_000)
            if server.answer == nil { server.ask() }
            guard let answer = server.takeAnswer() else { continue }
            return answer.sources.enumerated().sorted {
                ($0.element.isMonitor ? 1 : 0, $0.offset) < ($1.element.isMonitor ? 1 : 0, $1.offset)
            }.map(\.element)
        }
        return nil
    }

    private var isReady: Bool { unsafe calls.context_get_state(context) == Int32(cpulse_ready) }

    /// Whether there is no server, or it is gone.
    var hasFailed: Bool { unsafe calls.context_get_state(context) >= Int32(cpulse_failed) }

    /// Handles what the server has sent, and waits for it.
    ///
    /// - Parameter microseconds: The longest wait; 0 for none.
    func dispatch(waiting microseconds: Int32 = 0) {
        var wait = microseconds
        // Each turn handles a few messages; a flood of them is left for the next call.
        for _ in 0..<32 {
            guard unsafe calls.mainloop_prepare(loop, wait) >= 0, unsafe calls.mainloop_poll(loop) >= 0,
                unsafe calls.mainloop_dispatch(loop) > 0
            else { return }
            wait = 0
        }
    }

    /// Asks for the sources and the streams that record; `takeAnswer()` has them later. Before the server is there, nothing
    /// is asked.
    func ask() {
        guard isReady, answer == nil else { return }
        answer = Answer()
        let user = unsafe Unmanaged.passUnretained(self).toOpaque()
        let operations = unsafe [
            calls.context_get_server_info(
                context,
                { _, info, user in
                    guard let server = unsafe SoundServer.from(user) else { return }
                    let name = unsafe SoundServer.text(info?.pointee.default_source_name)
                    server.answer?.standard = unsafe info == nil ? nil : name
                    server.answer?.missing -= 1
                }, user),
            calls.context_get_source_info_list(
                context,
                { _, info, end, user in
                    guard let server = unsafe SoundServer.from(user) else { return }
                    if end == 0, let source = unsafe info?.pointee { unsafe server.add(source) }
                    if end != 0 { server.answer?.missing -= 1 }
                }, user),
            calls.context_get_source_output_info_list(
                context,
                { _, info, end, user in
                    guard let server = unsafe SoundServer.from(user) else { return }
                    if end == 0, let stream = unsafe info?.pointee { unsafe server.add(stream) }
                    if end != 0 { server.answer?.missing -= 1 }
                }, user),
        ]
        unsafe operations.forEach { operation in
            if let operation = unsafe operation { unsafe calls.operation_unref(operation) }
        }
        if unsafe operations.contains(where: { unsafe $0 == nil }) { answer = nil }
    }

    /// The whole answer to the last question, once.
    func takeAnswer() -> Answer? {
        guard var whole = answer, whole.missing <= 0 else { return nil }
        answer = nil
        for index in whole.sources.indices {
            whole.sources[index].isDefault = whole.sources[index].name == whole.standard
        }
        return whole
    }

    /// Whether sources or streams have changed since the last call; the first call of a connection counts as a change.
    func takeChange() -> Bool {
        guard isReady else { return false }
        if !isWatching {
            (isWatching, hasChanged) = (true, true)
            let user = unsafe Unmanaged.passUnretained(self).toOpaque()
            unsafe calls.context_set_subscribe_callback(
                context, { _, _, _, user in unsafe SoundServer.from(user)?.hasChanged = true }, user)
            let mask = Int32(cpulse_sources | cpulse_source_outputs)
            if let operation = unsafe calls.context_subscribe(context, mask, nil, nil) {
                unsafe calls.operation_unref(operation)
            }
        }
        defer { hasChanged = false }
        return hasChanged
    }

    private func add(_ source: cpulse_source_info) {
        let name = unsafe Self.text(source.name)
        let description = unsafe Self.text(source.description)
        unsafe answer?.sources.append(
            Source(
                name: name, description: description.isEmpty ? name : description,
                isMonitor: source.monitor_of_sink != cpulse_invalid_index, isDefault: false, index: source.index))
    }

    private func add(_ stream: cpulse_source_output_info) {
        guard let properties = unsafe stream.proplist else { return }
        let process = unsafe Self.text(calls.proplist_gets(properties, "application.process.id"))
        unsafe answer?.recordings.append(
            Recording(index: stream.index, source: stream.source, process: process))
    }

    private static func from(_ user: UnsafeMutableRawPointer?) -> SoundServer? {
        unsafe user.map { unsafe Unmanaged<SoundServer>.fromOpaque($0).takeUnretainedValue() }
    }

    private static func text(_ pointer: UnsafePointer<CChar>?) -> String {
        unsafe pointer.map { unsafe String(cString: $0) } ?? ""
    }
}
