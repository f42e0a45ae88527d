/// The user's choices on the dashboard. Only keys change it.
struct DashboardState: Equatable, Sendable {
    /// The views that Tab switches between.
    enum View: Equatable, Sendable {
        case trajectory, big
    }

    /// The steps of the zoom: seconds that the plot shows.
    static let spans: [Double] = [15, 30, 60, 120, 300, 600]

    var view = View.trajectory
    var theme = Theme.dark
    var showsHelp = false
    /// Whether the picture stands still while the session goes on.
    var isFrozen = false
    /// Whether the curves show the smoothed probabilities rather than the raw ones.
    var isSmoothed = true
    private(set) var spanIndex = 2

    /// Seconds that the plot shows.
    var span: Double { Self.spans[spanIndex] }

    /// Applies one key.
    ///
    /// - Returns: What the caller has to do, if anything.
    mutating func reduce(_ key: Key) -> DashboardAction? {
        switch key {
        case .character("q"), .character("Q"), .function(10), .control("c"), .hangUp:
            return .quit
        case .character("m"): return .marker
        case .character("R"): return .toggleRecording
        case .character("c"): return .takeBaseline
        case .character(" "): isFrozen.toggle()
        case .character("?"), .character("h"), .function(1): showsHelp.toggle()
        case .character("s"): isSmoothed.toggle()
        case .character("t"): theme = theme.next
        case .left: spanIndex = min(spanIndex + 1, Self.spans.count - 1)
        case .right: spanIndex = max(spanIndex - 1, 0)
        case .tab: view = view == .trajectory ? .big : .trajectory
        case .escape: stepBack()
        default: break
        }
        return nil
    }

    /// Undoes one thing for Esc: closes the help, else unfreezes, else returns to the first view.
    private mutating func stepBack() {
        if showsHelp {
            showsHelp = false
        } else if isFrozen {
            isFrozen = false
        } else {
            view = .trajectory
        }
    }

    /// The keys as the help (`long`) and the footer (`short`) describe them. An entry with an empty `short` is not in
    /// the footer.
    static let keys: [(keys: String, short: String, long: String)] = [
        ("q", "quit", "quit (also F10, Ctrl-C)"),
        ("Space", "freeze", "freeze the picture; the session goes on"),
        ("?", "help", "this help (also h, F1)"),
        ("← →", "zoom", "show more or less of the past"),
        ("s", "smooth", "smoothed or raw curves"),
        ("m", "mark", "set a marker"),
        ("R", "record", "recording on or off"),
        ("c", "normal", "take the last 20 s as the voice's normal"),
        ("Tab", "view", "trajectory or big label"),
        ("t", "theme", "colours: dark, light, plain"),
        ("Esc", "", "back: close help, unfreeze, first view"),
        ("Ctrl-L", "", "draw the whole screen again"),
    ]
}
