import EmotionCore
import Glibc

/// The source of the sound server that a stream of this process hears. The server may move the stream to another source
/// at any time: when a microphone is unplugged, or somebody chooses another one in the mixer.
///
/// Its owner calls `look(mayBegin:)` about twenty times a second, on one thread; a call takes no longer than a few
/// system calls.
package final class HeardSource {
    private var server: SoundServer?
    /// The server's number of the stream that is followed; nil where none is known.
    private var stream: UInt32?
    /// The name of the source for people; nil where the stream is no server's, or is not known.
    package private(set) var description: String?
    private var isAsking = false
    /// Nanoseconds of the monotonic clock at which a new connection may be tried.
    private var nextConnection = 0

    /// Nanoseconds between two attempts to connect.
    private static let pause = 2_000_000_000

    package init() {}

    /// Handles the messages of the server.
    ///
    /// - Parameter mayBegin: Whether the newest stream of this process is the one to follow, where none is known. It is not
    ///   while other devices are open too.
    package func look(mayBegin: Bool) {
        guard let server else {
            connect()
            return
        }
        server.dispatch()
        guard !server.hasFailed else {
            (self.server, stream, description, isAsking) = (nil, nil, nil, false)
            return
        }
        if server.takeChange() { isAsking = true }
        if isAsking { server.ask() }
        guard let answer = server.takeAnswer() else { return }
        isAsking = false
        follow(answer, mayBegin)
    }

    /// Forgets the stream, because the device is closed.
    package func forget() {
        (stream, description) = (nil, nil)
        isAsking = true
    }

    private func connect() {
        guard Clock.now >= nextConnection else { return }
        nextConnection = Clock.now + Self.pause
        server = SoundServer()
    }

    private func follow(_ answer: SoundServer.Answer, _ mayBegin: Bool) {
        let process = String(getpid())
        let own = answer.recordings.filter { $0.process == process }
        let known = own.first { $0.index == stream }
        let heard = known ?? (mayBegin ? own.max { $0.index < $1.index } : nil)
        stream = heard?.index
        // What may not be followed yet may be soon, without a further change.
        if heard == nil, !own.isEmpty { isAsking = true }
        description = heard.flatMap { heard in answer.sources.first { $0.index == heard.source }?.description }
    }
}
