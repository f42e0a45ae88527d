/// What a key leads to while something is typed.
enum EntryOutcome: Equatable {
    /// The entry stays open.
    case open
    /// The entry ends without a change.
    case cancelled
    /// The entry ends with an action.
    case done(DashboardAction)
}
