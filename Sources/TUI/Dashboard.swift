/// The dashboard on the terminal: draws snapshots, reads keys, and restores the terminal.
///
/// ```swift
/// let dashboard = try Dashboard(options: DashboardOptions())
/// defer { dashboard.close() }
/// while running {
///     dashboard.draw(snapshot)
///     if let key = dashboard.nextKey(timeout: 50), dashboard.handle(key) == .quit { break }
/// }
/// ```
///
/// Use it from one thread, best the main one: ncurses handles Ctrl-Z and a new terminal size on the thread that gets
/// the signal. Install handlers for SIGINT and SIGTERM before you create it, or ncurses installs its own; do not handle
/// SIGTSTP and SIGWINCH.
package final class Dashboard {
    private let screen: NCursesScreen
    private var state = DashboardState()
    private var latest = DashboardSnapshot()
    /// The snapshot that stays on the screen while the dashboard is frozen.
    private var frozen: DashboardSnapshot?
    private var lastDrawn: Input?

    /// Everything that a picture depends on.
    private struct Input: Equatable {
        var snapshot: DashboardSnapshot
        var state: DashboardState
        var width: Int
        var height: Int
    }

    /// Takes over the terminal: alternate screen, no echo, hidden cursor.
    ///
    /// - Throws: ``DashboardError`` if there is no terminal or its kind is unknown; the terminal is unchanged then.
    package convenience init(options: DashboardOptions = DashboardOptions()) throws(DashboardError) {
        try self.init(options: options, environment: .current)
    }

    init(options: DashboardOptions, environment: TerminalEnvironment) throws(DashboardError) {
        screen = try NCursesScreen(options: options, environment: environment)
        state.theme = options.theme
        state.view = options.view
    }

    /// The theme and the view that the user sees.
    package var look: (theme: Theme, view: DashboardState.View) { (state.theme, state.view) }

    /// Shows a snapshot. Nothing is drawn if neither it nor the user's choices have changed.
    package func draw(_ snapshot: DashboardSnapshot) {
        latest = snapshot
        state.follow(snapshot.speakers)
        state.follow(snapshot.sources)
        refresh()
    }

    /// Waits for a key, for `timeout` milliseconds at most; a signal may end the wait sooner.
    package func nextKey(timeout milliseconds: Int) -> Key? {
        screen.nextKey(timeout: milliseconds)
    }

    /// Applies a key and shows what it changes.
    ///
    /// - Returns: What the caller has to do, if anything.
    package func handle(_ key: Key) -> DashboardAction? {
        let (width, height) = screen.size
        state.streamTime = visible.streamTime
        state.helpPages = HelpText.pages(
            width: width, height: height, hasSpeakers: visible.hasSpeakers, glyphs: screen.glyphs)
        let action = state.reduce(key)
        if state.isFrozen {
            if frozen == nil { frozen = latest }
        } else {
            frozen = nil
        }
        if key == .control("l") { screen.redraw() }
        refresh()
        return action
    }

    /// Restores the terminal. Calling it twice does nothing, and neither does drawing afterwards.
    package func close() {
        screen.close()
    }

    private func refresh() {
        let (width, height) = screen.size
        let input = Input(snapshot: visible, state: state, width: width, height: height)
        guard input != lastDrawn else { return }
        lastDrawn = input
        let frame = Painter.frame(
            of: input.snapshot, state: state, width: width, height: height, glyphs: screen.glyphs, depth: screen.depth)
        screen.show(frame, theme: state.theme)
    }

    /// The latest snapshot. While the dashboard is frozen: the frozen one, with the log, the saved sound, the end, the
    /// message and the speakers' names of the latest.
    private var visible: DashboardSnapshot {
        guard var snapshot = frozen else { return latest }
        snapshot.recording = latest.recording
        snapshot.audio = latest.audio
        snapshot.ended = latest.ended
        snapshot.message = latest.message
        snapshot.sources = latest.sources
        if snapshot.voices.count == latest.voices.count {
            for index in snapshot.voices.indices { snapshot.voices[index].name = latest.voices[index].name }
        }
        return snapshot
    }
}
