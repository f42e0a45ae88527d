import Capture
import Stream
import TUI

/// The sources of a session, one after another: a microphone, or files.
struct Playlist {
    private let input: SessionPlan.Input
    private var current: any AudioSource
    private var length: Double?
    private var next = 1
    /// Stream seconds at which the current source began.
    private var origin = 0.0
    private var failures: [Failure] = []

    /// Opens the first source.
    init(_ input: SessionPlan.Input) throws {
        self.input = input
        switch input {
        case .microphone(let device): current = ALSASource(device: device)
        case .files(let files, let pace):
            let file = try FileSource(path: files[0], pace: pace)
            current = file
            length = file.duration
        }
    }

    var status: SourceStatus { current.status }

    func start(_ gate: SampleGate) throws {
        unsafe try current.start { unsafe gate.take($0) }
    }

    func stop() {
        current.stop()
    }

    /// Whether the current source has given all that it will.
    var hasEnded: Bool {
        switch current.status.state {
        case .finished, .failed: true
        case .idle, .running, .lost: false
        }
    }

    /// Goes on to the next file that opens; false where there is none. The boundary is a marker with its name.
    mutating func advance(_ session: Session, _ gate: SampleGate) -> Bool {
        if case .failed(let error) = current.status.state { failures.append(Failure(error)) }
        guard case .files(let files, let pace) = input else { return false }
        while next < files.count {
            let path = files[next]
            next += 1
            do {
                let file = try FileSource(path: path, pace: pace)
                origin = session.snapshot.streamTime
                session.mark(path)
                current = file
                length = file.duration
                try start(gate)
                return true
            } catch {
                failures.append(Failure(error))
            }
        }
        return false
    }

    /// Throws if files could not be played to their end, after naming each.
    func reportFailures() throws {
        guard let last = failures.last else { return }
        for failure in failures.dropLast() { Console.error(failure.message) }
        throw last
    }

    /// The source as the dashboard names it, at a moment of the stream.
    func picture(at streamTime: Double) -> DashboardSnapshot.Source {
        let position = streamTime - origin
        let mode: DashboardSnapshot.Mode =
            switch input {
            case .microphone: .live
            case .files(_, .realTime): .replay(position: position, length: length)
            case .files(_, .fast): .fast(position: position, length: length)
            }
        return .init(name: current.name, mode: mode)
    }
}
