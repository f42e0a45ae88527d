/// What the user has chosen on the dashboard. Keys change it and nothing else does.
struct DashboardState: Equatable, Sendable {
    /// The pictures that Tab goes through.
    enum View: Equatable, Sendable {
        case trajectory, big
    }

    /// Seconds of past that the plot shows: the steps of the zoom.
    static let spans: [Double] = [15, 30, 60, 120, 300, 600]

    var view = View.trajectory
    var theme = Theme.dark
    var showsHelp = false
    /// The picture stands still while the session goes on.
    var isFrozen = false
    /// The curves are the smoothed ones, not the raw.
    var isSmoothed = true
    private(set) var spanIndex = 2

    var span: Double { Self.spans[spanIndex] }

    /// Applies one key.
    /// - Returns: what the executable has to do, if anything.
    mutating func reduce(_ key: Key) -> DashboardAction? {
        switch key {
        case .character("q"), .character("Q"), .function(10), .control("c"), .hangUp:
            return .quit
        case .character("m"): return .marker
        case .character("R"): return .toggleRecording
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

    /// Esc undoes one thing: help, then the freeze, then the other view.
    private mutating func stepBack() {
        if showsHelp {
            showsHelp = false
        } else if isFrozen {
            isFrozen = false
        } else {
            view = .trajectory
        }
    }

    /// The keys as the help and the footer name them; it lists nothing that ``reduce(_:)`` does not do.
    /// An empty short name stays out of the footer.
    static let keys: [(keys: String, short: String, long: String)] = [
        ("q", "quit", "quit (also F10, Ctrl-C)"),
        ("Space", "freeze", "freeze the picture; the session goes on"),
        ("?", "help", "this help (also h, F1)"),
        ("← →", "zoom", "show more or less of the past"),
        ("s", "smooth", "smoothed or raw curves"),
        ("m", "mark", "set a marker"),
        ("R", "record", "recording on or off"),
        ("Tab", "view", "trajectory or big label"),
        ("t", "theme", "colours: dark, light, plain"),
        ("Esc", "", "back: close help, unfreeze, first view"),
        ("Ctrl-L", "", "draw the whole screen again"),
    ]
}
