import ArgumentParser
import EmotionCore
import EmotionFiles
import EmotionStream

struct Speakers: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "List the speakers of a log, make two of them one, or give them other names.",
        discussion: """
            Without --merge and --rename, it prints the seconds and windows of each speaker in the log of a session, and the \
            share of each smoothed label in that time.

            --merge and --rename change the column "speaker" and nothing else: first all merges, then all renames, each \
            in the order given. The log is replaced when the new one is complete. "replay --repeat" gives the old names \
            again, because the description beside the log stays as it is.
            """
    )

    @Argument(help: ArgumentHelp("The log.", valueName: "session.csv"), completion: .file())
    var log: String

    @Option(help: ArgumentHelp("Make the rows of OTHER rows of SPEAKER. Repeatable.", valueName: "speaker> <other"))
    var merge: [NamePair] = []

    @Option(help: ArgumentHelp("Give SPEAKER the name NEW. Repeatable.", valueName: "speaker> <new"))
    var rename: [NamePair] = []

    @Option(
        name: [.short, .long],
        help: ArgumentHelp("Write the changed log to this file and leave the other as it is.", valueName: "out.csv"),
        completion: .file())
    var output: String?

    @Flag(help: "Replace a file that exists.")
    var force = false

    private var changesNames: Bool { !merge.isEmpty || !rename.isEmpty }

    func validate() throws {
        for pair in rename where SpeakerName(pair.second) == nil {
            throw ValidationError(
                "--rename: \"\(printable(pair.second))\" cannot name a speaker: \(SpeakerName.rule).")
        }
        guard output == nil || changesNames else {
            throw ValidationError("--output needs --merge or --rename; without them nothing is written.")
        }
    }

    func run() throws {
        let file = try SavedLog.open(log)
        if changesNames { try change(file) } else { try list(file) }
    }

    private func list(_ file: RegularFile) throws {
        let totals = try SpeakerTotals.all(in: file)
        guard !totals.isEmpty else {
            Console.note("The log names no speaker.")
            return
        }
        let header = ["speaker", "seconds", "windows"] + SpeakerTotals.labels.map(\.word)
        let rows = totals.map { speaker in
            [printable(speaker.name), speaker.seconds.fixed(1), String(speaker.windows)]
                + SpeakerTotals.labels.map { speaker.share(of: $0).map(SummaryText.percent) ?? "-" }
        }
        Console.print(TextTable.draw([header] + rows))
    }

    private func change(_ file: RegularFile) throws {
        let replacesLog = output.map(file.isAt) ?? true
        if replacesLog, !file.lock() {
            throw FileError(
                log, cannot: "change", because: "another emoscope is writing it",
                advice: "end that session first, or write another file with --output")
        }
        let changes = try changes(of: SpeakerColumn.names(in: file))
        let changed = try replacesLog ? replace(file, changes) : copy(file, changes)
        Console.print(
            "\(printable(output ?? log)): \(changed) row\(changed == 1 ? "" : "s") changed; the speakers are "
                + printable(changes.speakers.joined(separator: ", ")))
    }

    private func changes(of speakers: [String]) throws -> SpeakerChanges {
        var changes = SpeakerChanges(speakers: speakers)
        do throws(SpeakerChanges.Refusal) {
            for pair in merge { try changes.merge(pair.second, into: pair.first) }
            for pair in rename {
                if let new = SpeakerName(pair.second) { try changes.rename(pair.first, to: new) }
            }
        } catch {
            throw Failure(.usage, printable("cannot change \"\(log)\": \(error)"))
        }
        return changes
    }

    /// Puts the changed log in the place of the log, with the same owner and permissions.
    private func replace(_ file: RegularFile, _ changes: SpeakerChanges) throws -> Int {
        let existing = ExistingFilePolicy(force: output == nil || force)
        let new = try AtomicFile(output ?? log, existing: existing, permissions: 0o600)
        try new.takeAccess(of: file)
        let changed = try SpeakerColumn.rewrite(file, changes, to: new)
        guard file.isUnchanged else {
            throw FileError(
                log, cannot: "replace", because: "another program changed it meanwhile", advice: "try again")
        }
        try new.finish()
        return changed
    }

    /// Writes the changed log to another file, which nobody may read who may not read the log.
    private func copy(_ file: RegularFile, _ changes: SpeakerChanges) throws -> Int {
        let new = try AtomicFile(
            output ?? log, existing: ExistingFilePolicy(force: force), permissions: file.permissions & 0o666)
        let changed = try SpeakerColumn.rewrite(file, changes, to: new)
        try new.finish()
        return changed
    }
}
