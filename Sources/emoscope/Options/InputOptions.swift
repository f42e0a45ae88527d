import ArgumentParser
import EmotionCore
import EmotionEvaluation
import EmotionSoundFiles

/// The format of recordings without a header.
struct RawOption: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Read bare samples, which have no header: encoding, rate and channels, with arecord's names, such as "
                + "S16_LE,16000,1.", valueName: "encoding,rate,channels"), transform: Self.format)
    var raw: RawFormat?

    private static func format(_ text: String) throws -> RawFormat {
        guard let format = RawFormat(text) else {
            throw ValidationError(
                "Give an encoding, 1000 to 768000 Hz and 1 to 64 channels, such as S16_LE,16000,1. The encodings are "
                    + RawFormat.encodings.joined(separator: ", ") + ".")
        }
        return format
    }
}

/// The recordings that a command reads.
struct InputOptions: ParsableArguments {
    @Argument(
        help:
            "Recordings, or folders: all sound and video in them, at any depth, sorted by name. - is standard input.",
        completion: .file())
    var files: [String] = []

    @Option(
        help: ArgumentHelp(
            "Read further names of recordings from a file, one a line, or each ended by a zero byte (find -print0). - is "
                + "standard input. Repeatable.", valueName: "list"), completion: .file())
    var filesFrom: [String] = []

    @OptionGroup var rawOption: RawOption

    /// The format of bare samples; nil for files with headers.
    var raw: RawFormat? { rawOption.raw }

    /// Whether any recording is named.
    var namesAny: Bool { !files.isEmpty || !filesFrom.isEmpty }

    /// Checks that a recording is named.
    func check(orElse other: String = "") throws {
        guard namesAny else {
            throw ValidationError("Name a recording, a folder of them, or - for standard input\(other).")
        }
    }

    func validate() throws {
        guard (files + filesFrom).count(where: { $0 == AudioFile.standardInput }) <= 1 else {
            throw ValidationError("Standard input can be read once: give - once.")
        }
    }

    /// The paths of all recordings: those of the arguments, then those of the lists.
    func paths() throws -> [String] {
        var paths: [String] = []
        for name in try files + filesFrom.flatMap(NameList.read) { paths += try Recordings.every(in: name) ?? [name] }
        guard !paths.isEmpty else {
            throw Failure(.usage, "\(filesFrom.joined(separator: ", ")) names no recording")
        }
        return paths
    }

    /// Refuses streams, which are gone once they were read, for what reads recordings twice.
    static func checkReadableTwice(_ paths: [String], _ option: String) throws {
        if let stream = paths.first(where: AudioFile.isStream) {
            throw Failure(
                .usage,
                printable(
                    "\(option) reads each recording twice, and \"\(stream)\" is a stream: save it to a file first, or leave "
                        + "\(option) out"))
        }
    }
}
