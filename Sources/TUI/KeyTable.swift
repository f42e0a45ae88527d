/// The keys of the dashboard, each once: what the help and the footer say of them.
enum KeyTable {
    struct Entry {
        /// The keys' names.
        var keys: String
        /// The word in the footer; empty for keys that only the help has.
        var short: String
        /// What the help says.
        var long: String

        /// The keys' names in ASCII.
        var asciiKeys: String { keys == "← →" ? "<- ->" : keys }
    }

    /// Returns the keys in the order of the help.
    static func all(hasSpeakers: Bool) -> [Entry] { hasSpeakers ? entries : entries.filter { $0.keys != "e" } }

    /// Returns the keys in the order of use, for a row that may hold only the first ones.
    static func footer(hasSpeakers: Bool) -> [Entry] {
        let order = ["q", "?", "Space", "e", "Tab", "+ -", "← →", "m", "M", "R", "c", "s", "t"]
        let known = all(hasSpeakers: hasSpeakers)
        return order.compactMap { keys in known.first { $0.keys == keys } }
    }

    private static let entries: [Entry] = [
        Entry(keys: "q", short: "quit", long: "quit (also F10, Ctrl-C)"),
        Entry(keys: "?", short: "help", long: "this help, its next page (also h, F1)"),
        Entry(keys: "Space", short: "freeze", long: "freeze the picture; the session goes on"),
        Entry(keys: "Tab", short: "view", long: "next view"),
        Entry(keys: "1 2 3", short: "", long: "live, whole conversation, big label"),
        Entry(keys: "+ -", short: "zoom", long: "show less or more of the past"),
        Entry(keys: "← →", short: "move", long: "move in time (PgUp, PgDn: by a page)"),
        Entry(keys: "Home End", short: "", long: "the beginning; the present"),
        Entry(keys: "m", short: "mark", long: "set a marker"),
        Entry(keys: "M", short: "note", long: "set a marker with a note"),
        Entry(keys: "R", short: "record", long: "start, pause or resume the recording"),
        Entry(keys: "c", short: "normal", long: "take the last 20 s as the voice's normal"),
        Entry(keys: "d", short: "", long: "choose another microphone"),
        Entry(keys: "e", short: "rename", long: "rename a speaker, or merge two"),
        Entry(keys: "s", short: "smooth", long: "smoothed or raw probabilities"),
        Entry(keys: "t", short: "theme", long: "dark, light, safe, plain, mono"),
        Entry(keys: "Esc", short: "", long: "back: help, frozen, past, first view"),
        Entry(keys: "Ctrl-L", short: "", long: "draw the whole screen again"),
    ]
}
