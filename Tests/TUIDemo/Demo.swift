import EmotionCore
import EmotionTUI
import Glibc
import Synchronization

/// A dashboard on a made-up session, for the tests in tmux and for looking at it. Arguments: `--at SECONDS` stops the
/// stream's clock, `--frames N` draws N frames at once and prints the cost of each, `--live` shows a microphone's
/// header, `--silent` and `--dropping` show these states, `--speakers N` tells N speakers apart, `--no-color`, `--ascii`,
/// `--theme NAME`; with `--crash` the key `x` crashes by a bad address and `e` exits without closing.
@main
struct Demo {
    static let shouldStop = Atomic<Bool>(false)

    static func main() {
        let arguments = CommandLine.arguments
        func value(_ name: String) -> Double? {
            guard let index = arguments.firstIndex(of: name), index + 1 < arguments.count else { return nil }
            return Double(arguments[index + 1])
        }
        for number in [SIGINT, SIGTERM] {
            signal(number) { _ in Demo.shouldStop.store(true, ordering: .relaxed) }
        }
        var options = DashboardOptions(allowsColor: !arguments.contains("--no-color"))
        if arguments.contains("--ascii") { options.glyphs = .ascii }
        if let index = arguments.firstIndex(of: "--theme"), index + 1 < arguments.count {
            options.theme = Theme(rawValue: arguments[index + 1]) ?? .dark
        }
        var session = MadeUpSession()
        session.isLive = arguments.contains("--live")
        session.isSilent = arguments.contains("--silent")
        session.isDropping = arguments.contains("--dropping")
        if let count = value("--speakers") {
            session.speakers = MadeUpSpeakers(names: (0..<Int(count)).map { SpeakerName(index: $0).description })
        }
        do {
            let dashboard = try Dashboard(options: options)
            defer { dashboard.close() }
            if let frames = value("--frames") {
                measure(dashboard, session, frames: Int(frames))
            } else {
                run(dashboard, session, clock: value("--at"), crashes: arguments.contains("--crash"))
            }
        } catch {
            let text = "\(error)\n"
            _ = text.withCString { write(STDERR_FILENO, $0, strlen($0)) }
            exit(1)
        }
    }

    static func run(_ dashboard: Dashboard, _ session: MadeUpSession, clock: Double?, crashes: Bool) {
        var session = session
        let start = seconds(CLOCK_MONOTONIC)
        while !shouldStop.load(ordering: .relaxed) {
            dashboard.draw(session.snapshot(at: clock ?? seconds(CLOCK_MONOTONIC) - start))
            guard let key = dashboard.nextKey(timeout: 60) else { continue }
            if crashes, key == .character("x") { crash() }
            if crashes, key == .character("e") { exit(3) }
            switch dashboard.handle(key) {
            case .quit: return
            case .marker: session.markers.append(.init(time: clock ?? seconds(CLOCK_MONOTONIC) - start, note: "mark"))
            case .notedMarker(let note, let time): session.markers.append(.init(time: time, note: note))
            case .toggleRecording: session.isRecording.toggle()
            case .listSources, .chooseSource, .leaveSources: break
            case .takeBaseline: session.hasBaseline = true
            case .renameSpeaker(let lane, let name): session.speakers?.rename(lane, to: name.description)
            case .mergeSpeaker(let lane, let other): session.speakers?.merge(lane, into: other)
            case nil: break
            }
        }
    }

    static func measure(_ dashboard: Dashboard, _ session: MadeUpSession, frames: Int) {
        let snapshots = (0..<frames).map { session.snapshot(at: 300 + Double($0) * 0.06) }
        let start = seconds(CLOCK_PROCESS_CPUTIME_ID)
        for snapshot in snapshots {
            dashboard.draw(snapshot)
            _ = dashboard.nextKey(timeout: 0)
        }
        let cost = seconds(CLOCK_PROCESS_CPUTIME_ID) - start
        dashboard.close()
        print("CPU a frame: \(cost / Double(frames) * 1000) ms")
    }

    static func seconds(_ clock: clockid_t) -> Double {
        var time = timespec()
        clock_gettime(clock, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }

    static func crash() {
        UnsafeMutablePointer<Int>(bitPattern: 8)?.pointee = 1
    }
}
