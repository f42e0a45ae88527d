/// The dashboard on the terminal: draws snapshots, reads keys, and gives the terminal back.
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
/// To be used by one thread, best the main one (see ``nextKey(timeout:)``). Install the program's own handlers for
/// SIGINT and SIGTERM before making one, else ncurses installs its own; leave SIGTSTP and SIGWINCH alone.
public final class Dashboard {
    private let screen: NCursesScreen
    private var state = DashboardState()
    private var latest = DashboardSnapshot()
    /// The picture that stands still while the dashboard is frozen.
    private var held: DashboardSnapshot?
    private var drawn: Picture?

    /// All that a picture depends on.
    private struct Picture: Equatable {
        var snapshot: DashboardSnapshot
        var state: DashboardState
        var width: Int
        var height: Int
    }

    /// Takes the terminal: alternate screen, no echo, hidden cursor.
    /// - Throws: ``DashboardError`` if there is no terminal or its kind is unknown; the terminal is then untouched.
    public convenience init(options: DashboardOptions = DashboardOptions()) throws(DashboardError) {
        try self.init(options: options, environment: .current)
    }

    init(options: DashboardOptions, environment: TerminalEnvironment) throws(DashboardError) {
        screen = try NCursesScreen(options: options, environment: environment)
        state.theme = options.theme
    }

    /// Shows a snapshot. Costs next to nothing where neither it nor the user's choices have changed.
    public func draw(_ snapshot: DashboardSnapshot) {
        latest = snapshot
        refresh()
    }

    /// Waits for a key, at most so many milliseconds; signals may end the wait sooner.
    public func nextKey(timeout milliseconds: Int) -> Key? {
        screen.nextKey(timeout: milliseconds)
    }

    /// Applies a key and shows what it changes.
    /// - Returns: what is the executable's to do, if anything.
    public func handle(_ key: Key) -> DashboardAction? {
        let action = state.reduce(key)
        if state.isFrozen {
            if held == nil { held = latest }
        } else {
            held = nil
        }
        if key == .control("l") { screen.redraw() }
        refresh()
        return action
    }

    /// Gives the terminal back as it was. Closing twice does nothing; drawing after it does nothing.
    public func close() {
        screen.close()
    }

    private func refresh() {
        let (width, height) = screen.size
        let picture = Picture(snapshot: visible, state: state, width: width, height: height)
        guard picture != drawn else { return }
        drawn = picture
        let frame = Painter.frame(
            of: picture.snapshot, state: state, width: width, height: height, glyphs: screen.glyphs)
        screen.show(frame, theme: state.theme)
    }

    /// The latest snapshot, or the frozen one with what must stay true: the recording, the end, the message.
    private var visible: DashboardSnapshot {
        guard var picture = held else { return latest }
        picture.recording = latest.recording
        picture.audioFile = latest.audioFile
        picture.ended = latest.ended
        picture.message = latest.message
        return picture
    }
}
