/// The choice that the key `d` opens: a list of the microphones, one of which is marked.
struct SourceChoice: Equatable, Sendable {
    /// The names for `-D`, in the order of the list.
    private(set) var devices: [String] = []
    /// The row of the marked one.
    private(set) var row = 0
    /// Whether the user has moved the mark.
    private var isMoved = false

    /// Takes over the microphones as they are now. The mark begins at the one that is heard, and stays with its microphone.
    mutating func follow(_ sources: [DashboardSnapshot.Microphone]) {
        let marked = isMoved && devices.indices.contains(row) ? devices[row] : nil
        devices = sources.map(\.device)
        row = (marked.flatMap(devices.firstIndex) ?? sources.firstIndex { $0.isHeard }) ?? 0
    }

    /// Applies one key.
    ///
    /// - Returns: What ends the choice; nil while it goes on.
    mutating func reduce(_ key: Key) -> DashboardAction? {
        switch key {
        case .escape, .character("q"), .character("d"): return .leaveSources
        case .enter where devices.indices.contains(row): return .chooseSource(device: devices[row])
        case .up, .character("k"): move(-1)
        case .down, .character("j"): move(1)
        case .home: move(-devices.count)
        case .end: move(devices.count)
        default: break
        }
        return nil
    }

    private mutating func move(_ rows: Int) {
        isMoved = true
        row = min(max(row + rows, 0), max(0, devices.count - 1))
    }
}
