import EmotionCore
import EmotionStream

/// The sample accounting of a session as text.
enum AccountingText {
    /// Formats an accounting as `captured 960000 samples = 955200 windowed + 4800 lost + 0 dropped`.
    static func line(_ account: AccountingReport) -> String {
        "captured \(account.captured) samples = \(account.windowed) windowed + \(account.lost) lost + "
            + "\(account.unread) dropped" + (account.isBalanced ? "" : "; UNACCOUNTED: \(account.unaccounted)")
    }

    /// The error message for an accounting that is not balanced, which is a fault of this program, never of the user.
    static func complaint(_ account: AccountingReport) -> String {
        let place = account.firstHole.map { hole in
            ", the first at \(AudioFormat.seconds(hole.lowerBound).fixed(3)) s"
        }
        return "the rows do not account for \(account.unaccounted) samples\(place ?? ""); the source lost "
            + "\(account.lostBySource), the rows say \(account.lost): please report this with the log"
    }
}
