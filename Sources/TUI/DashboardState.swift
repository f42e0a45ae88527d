/// The user's choices on the dashboard. Only keys change it, except that the entry ends when its speaker is gone.
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
    /// The entry of a speaker's name, while it is open.
    private(set) var entry: SpeakerEntry?
    /// The reason why the entry ended by itself, until the user confirms it.
    private(set) var notice: String?
    /// The names of the speakers in the order of their lanes; empty where speakers are not told apart.
    private(set) var speakers: [String] = []
    private(set) var spanIndex = 2

    /// Seconds that the plot shows.
    var span: Double { Self.spans[spanIndex] }

    /// Applies one key. While a speaker's name is entered, every key but Ctrl-C belongs to the entry.
    ///
    /// - Returns: What the caller has to do, if anything.
    mutating func reduce(_ key: Key) -> DashboardAction? {
        switch key {
        case .control("c"), .hangUp: return .quit
        case _ where entry != nil: return reduceEntry(key)
        case _ where notice != nil: if key == .escape || key == .enter { notice = nil }
        case .character("q"), .character("Q"), .function(10): return .quit
        case .character("e") where !speakers.isEmpty:
            entry = SpeakerEntry(speakers: speakers)
            showsHelp = false
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

    /// Takes over the names of the speakers as they are now, in the order of their lanes.
    ///
    /// The entry ends if its speaker is gone. What the user goes on typing does nothing until Enter or Esc, or the `q`
    /// in a name would quit.
    mutating func follow(_ speakers: [String]) {
        self.speakers = speakers
        guard var followed = entry else { return }
        if followed.follow(speakers) {
            entry = followed
        } else {
            entry = nil
            notice = "\(followed.name ?? "every speaker") is gone: no change; Esc goes on"
        }
    }

    private mutating func reduceEntry(_ key: Key) -> DashboardAction? {
        switch entry?.reduce(key) {
        case .done(let action):
            entry = nil
            return action
        case .cancelled: entry = nil
        case .open, nil: break
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

    /// Returns the keys as the help (`long`) and the footer (`short`) describe them. A key with an empty `short` is not
    /// in the footer.
    ///
    /// - Parameter hasSpeakers: Whether speakers are told apart.
    static func keys(hasSpeakers: Bool) -> [(keys: String, short: String, long: String)] {
        hasSpeakers ? keys : keys.filter { $0.keys != "e" }
    }

    private static let keys: [(keys: String, short: String, long: String)] = [
        ("q", "quit", "quit (also F10, Ctrl-C)"),
        ("Space", "freeze", "freeze the picture; the session goes on"),
        ("?", "help", "this help (also h, F1)"),
        ("← →", "zoom", "show more or less of the past"),
        ("e", "rename", "rename a speaker, or merge two"),
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
