import ArgumentParser
import EmotionCore
import EmotionFiles
import EmotionNetwork
import EmotionReport
import EmotionSoundFiles
import EmotionStream

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

struct Report: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Draw sessions from their logs: a page of HTML, or a picture as SVG.",
        discussion: """
            The page shows, for each voice, the probabilities over time with their values under the pointer, and talk time, \
            distribution, changes, markers, losses, baselines and settings. It is one file that needs no network, and \
            prints on one page. Where the session's sound is known, by the description beside the log or as a WAV file of \
            the log's name, the page plays it in step; the sound stays a file of its own unless --embed-sound puts it in.

            Several logs are compared. A log that was appended to holds several sessions, which are compared as well, unless \
            --session chooses one.
            """
    )

    /// The most bytes of sound that a page may hold: 13 minutes as a session saves them.
    private static let mostSound = 50 << 20

    @Argument(help: ArgumentHelp("The logs.", valueName: "session.csv"), completion: .file())
    var logs: [String]

    @OptionGroup var saved: SavedSessionOptions
    @OptionGroup var settings: ConfigurationOption

    @Option(
        name: [.short, .long],
        help: ArgumentHelp(
            "The .html or .svg file to write (default: the first log's name with .html).",
            valueName: "file.html|file.svg"), completion: .file())
    var output: String?

    @Flag(help: "Replace a file that exists.")
    var force = false

    @Flag(
        help: ArgumentHelp(
            "Put the sound into the page, up to \(mostSound >> 20) MiB in all, so that the page is complete without it."
        ))
    var embedSound = false

    private var path: String { output ?? Paths.without(".csv", logs.first ?? "") + ".html" }

    private var isPicture: Bool { path.hasSuffix(".svg") }

    func validate() throws {
        guard path.hasSuffix(".html") || isPicture else {
            throw ValidationError("--output \"\(printable(path))\" must end in .html or .svg.")
        }
        guard !embedSound || !isPicture else {
            throw ValidationError("--embed-sound is for pages; a picture has no sound.")
        }
        guard saved.session == nil || logs.count == 1 else {
            throw ValidationError("--session chooses a session of one log: give one log with it.")
        }
    }

    func run() throws {
        var chosen: [(log: SavedLog, session: SavedSession)] = []
        for path in logs {
            let log = try SavedLog(path)
            let sessions = saved.session == nil ? log.sessions : [try log.session(saved.session)]
            chosen += sessions.map { (log, $0) }
        }
        try OwnInput.keep(logs, from: [path])
        let figures = chosen.map {
            SessionFigures($0.session, name: $0.log.name(of: $0.session), minimum: saved.minSegment)
        }
        let text: String
        if isPicture {
            text = SVGReport.text(figures)
        } else {
            var entries: [HTMLReport.Entry] = []
            var room = Self.mostSound
            for (figures, (log, session)) in zip(figures, chosen) {
                let files = SessionFiles(session, of: log.path)
                files.report()
                entries.append(
                    HTMLReport.Entry(
                        figures, facts: files.description.map(SessionFacts.of) ?? [],
                        sound: try sound(files, of: log, &room)))
            }
            text = HTMLReport.text(entries, version: Version.number, digest: Self.digest)
        }
        try AtomicFile.write(Array(text.utf8), to: path, existing: ExistingFilePolicy(force: force))
    }

    /// The sound of a session, by its place beside the page or as its bytes; nil where there is none that a browser plays.
    ///
    /// - Parameter room: Bytes of sound that the page may still hold.
    private func sound(_ files: SessionFiles, of log: SavedLog, _ room: inout Int) throws -> HTMLReport.Sound? {
        guard embedSound else {
            guard let sound = files.sound, Self.type(of: sound) != nil else { return nil }
            let address = try Paths.relative(sound, toFolderOf: path).asAddress
            return HTMLReport.Sound(address: address, lacksPauses: files.soundLacksPauses)
        }
        guard let sound = files.sound else {
            throw Failure(
                .runTime, "the sound of \"\(printable(log.path))\" is not known, or not there; leave --embed-sound out")
        }
        do {
            guard let type = Self.type(of: sound) else {
                throw Failure(.runTime, "it is of a kind that browsers do not play")
            }
            // What a description names may be any file: only sound is put into a page.
            _ = try AudioFile(path: sound)
            let bytes = try BoundedFile.bytes(of: sound, limit: room)
            room -= bytes.count
            return HTMLReport.Sound(
                address: "data:\(type);base64,\(Data(bytes).base64EncodedString())",
                lacksPauses: files.soundLacksPauses)
        } catch {
            throw Failure(
                .runTime,
                "cannot put \"\(printable(sound))\" into the page: \(Failure(error).message); leave --embed-sound out, and the "
                    + "page plays the file where it is")
        }
    }

    /// The media type of a sound that browsers play, by the end of its name.
    private static func type(of sound: String) -> String? {
        let types = [
            "wav": "audio/wav", "flac": "audio/flac", "ogg": "audio/ogg", "oga": "audio/ogg", "opus": "audio/ogg",
            "mp3": "audio/mpeg", "m4a": "audio/mp4", "mp4": "audio/mp4", "aac": "audio/aac", "webm": "audio/webm",
        ]
        return sound.split(separator: ".").last.flatMap { types[$0.lowercased()] }
    }

    private static func digest(_ text: String) -> String {
        let hash = SHA256()
        unsafe Array(text.utf8).withUnsafeBytes { unsafe hash.update($0) }
        let digits = Array(hash.finish().utf8)
        let bytes = stride(from: 0, to: digits.count, by: 2).compactMap {
            UInt8(String(decoding: digits[$0..<$0 + 2], as: UTF8.self), radix: 16)
        }
        return Data(bytes).base64EncodedString()
    }
}
