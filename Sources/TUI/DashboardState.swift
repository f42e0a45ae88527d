/// The user's choices on the dashboard. Only keys change it, except that the entry ends when its speaker is gone.
package struct DashboardState: Equatable, Sendable {
    /// The views that Tab switches between.
    package enum View: String, Sendable, CaseIterable {
        /// The newest minute, with the panels of the newest window and of the room.
        case trajectory = "live"
        /// The whole session so far.
        case conversation
        /// The newest window in letters that can be read across a room.
        case big
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
    /// The choice of a microphone, while it is open.
    private(set) var sourceChoice: SourceChoice?
    /// The note of a marker, while it is typed.
    private(set) var markerNote: MarkerNote?
    private(set) var spanIndex = 2
    /// How many times the conversation is zoomed in by half; 0 shows the whole session so far.
    private(set) var conversationZoom = 0
    /// The stream time at the right edge of the plots, where the user looks at the past; nil for the present.
    private(set) var panned: Double?
    /// The page of the help, from 0.
    private(set) var helpPage = 0
    /// The stream time of the picture and the number of the help's pages, when a key was pressed last.
    var streamTime = 0.0
    var helpPages = 1

    /// Seconds that the plots show of a session of this length.
    func span(of streamTime: Double) -> Double {
        guard view == .conversation else { return Self.spans[spanIndex] }
        let whole = max(streamTime.isFinite ? min(streamTime, 1e12) : 0, Self.shortestConversation)
        return (0..<conversationZoom).reduce(whole) { span, _ in max(span / 2, Self.spans[0]) }
    }

    private static let shortestConversation = 60.0

    /// Applies one key. While a speaker's name or a marker's note is entered, every key but Ctrl-C belongs to the entry.
    ///
    /// - Returns: What the caller has to do, if anything.
    mutating func reduce(_ key: Key) -> DashboardAction? {
        switch key {
        case .control("c"), .hangUp: return .quit
        case _ where entry != nil || markerNote != nil: return reduceEntry(key)
        case _ where sourceChoice != nil: return reduceChoice(key)
        case _ where notice != nil: if key == .escape || key == .enter { notice = nil }
        case .character("q"), .character("Q"), .function(10): return .quit
        case .character("e") where !speakers.isEmpty:
            entry = SpeakerEntry(speakers: speakers)
            showsHelp = false
        case .character("m"): return .marker
        case .character("M"):
            markerNote = MarkerNote(time: streamTime)
            showsHelp = false
        case .character("R"): return .toggleRecording
        case .character("c"): return .takeBaseline
        case .character("d"):
            showsHelp = false
            return .listSources
        case .character(" "): isFrozen.toggle()
        case .character("?"), .character("h"), .function(1): turnHelp()
        case .character("s"): isSmoothed.toggle()
        case .character("t"): theme = theme.next
        case .tab: show(View.allCases[((View.allCases.firstIndex(of: view) ?? 0) + 1) % View.allCases.count])
        case .character("1"): show(.trajectory)
        case .character("2"): show(.conversation)
        case .character("3"): show(.big)
        case .escape: stepBack()
        default: move(key)
        }
        return nil
    }

    /// Applies a key that moves or zooms the plots.
    private mutating func move(_ key: Key) {
        let span = span(of: streamTime)
        switch key {
        case .character("-"): zoom(out: true)
        case .character("+"), .character("="): zoom(out: false)
        case .left: pan(by: -span / 4)
        case .right: pan(by: span / 4)
        case .pageUp: pan(by: -span)
        case .pageDown: pan(by: span)
        case .home: pan(by: -.infinity)
        case .end: panned = nil
        default: break
        }
    }

    private mutating func zoom(out: Bool) {
        if view == .conversation {
            let isWidest = conversationZoom == 0
            let isNarrowest = span(of: streamTime) <= Self.spans[0]
            if out, !isWidest { conversationZoom -= 1 }
            if !out, !isNarrowest { conversationZoom += 1 }
            if conversationZoom == 0 { panned = nil }
        } else {
            spanIndex = min(max(spanIndex + (out ? 1 : -1), 0), Self.spans.count - 1)
        }
    }

    /// Moves the right edge of the plots; the left one stays within the session.
    private mutating func pan(by seconds: Double) {
        let first = min(span(of: streamTime), streamTime)
        let end = max((panned ?? streamTime) + seconds, first)
        panned = end < streamTime ? end : nil
    }

    private mutating func show(_ view: View) {
        self.view = view
        panned = nil
    }

    /// Shows the help, then its further pages, then none.
    private mutating func turnHelp() {
        if !showsHelp {
            (showsHelp, helpPage) = (true, 0)
        } else if helpPage + 1 < helpPages {
            helpPage += 1
        } else {
            showsHelp = false
        }
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

    /// Takes over the microphones that can be chosen; nil ends the choice.
    mutating func follow(_ sources: [DashboardSnapshot.Microphone]?) {
        guard let sources else {
            sourceChoice = nil
            return
        }
        var choice = sourceChoice ?? SourceChoice()
        choice.follow(sources)
        sourceChoice = choice
    }

    /// Gives a key to the choice of a microphone.
    private mutating func reduceChoice(_ key: Key) -> DashboardAction? {
        guard let action = sourceChoice?.reduce(key) else { return nil }
        sourceChoice = nil
        return action
    }

    /// Gives a key to what is typed: a speaker's name or a marker's note, of which one at most is open.
    private mutating func reduceEntry(_ key: Key) -> DashboardAction? {
        let outcome = entry?.reduce(key) ?? markerNote?.reduce(key) ?? .open
        if outcome != .open { (entry, markerNote) = (nil, nil) }
        guard case .done(let action) = outcome else { return nil }
        return action
    }

    /// Undoes one thing for Esc: closes the help, else unfreezes, else returns to the present, else to the first view.
    private mutating func stepBack() {
        if showsHelp {
            showsHelp = false
        } else if isFrozen {
            isFrozen = false
        } else if panned != nil {
            panned = nil
        } else {
            view = .trajectory
        }
    }
}
