import EmotionCore
import EmotionSoundFiles
import Foundation
import TestSupport

/// A place where the commands of the documents can be run: a microphone that hears speech, and a folder with the files that they
/// name.
final class DocumentBench: Sendable {
    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    private let room: AudioRoom
    private let speaker: ChildProcess
    private let files: Scratch
    private let home: Scratch
    private let environment: [String: String]
    private let serving = Locked<Void>(())

    /// Seconds after which a command is ended: a session goes on for ever, and a voice is learned from 20 s of speech.
    private static func patience(with command: DocumentedCommand) -> Int {
        command.words.contains("calibrate") ? 60 : 6
    }

    init() throws {
        files = try Scratch()
        home = try Scratch()
        room = try AudioRoom()
        try writeWAV(try excerpt(conversation, from: 0, to: 8), to: files.path("talk.wav"))
        try Self.fill(files)
        speaker = try ChildProcess(
            ["bash", "-c", "while paplay --device=room \"$1\"; do :; done", "bash", files.path("neutral.wav")],
            environment: room.environment)
        // `plughw:CARD=Mic` of the guides is the room's microphone.
        let cards = files.path("cards.conf")
        try Self.cards(socket: room.environment["PULSE_SERVER"] ?? "").write(
            toFile: cards, atomically: true, encoding: .utf8)
        var environment = room.environment
        environment["ALSA_CONFIG_PATH", default: ""] += ":\(cards)"
        environment["XDG_DATA_HOME"] = home.url.path
        environment["HOME"] = home.url.path
        try "a-token-of-twenty-four-signs".write(
            toFile: home.path(".emoscope-token"), atomically: true, encoding: .utf8)
        let tools = home.path("bin")
        try FileManager.default.createDirectory(atPath: tools, withIntermediateDirectories: true)
        try FileManager.default.createSymbolicLink(
            atPath: tools + "/emoscope", withDestinationPath: try builtProduct("emoscope"))
        environment["PATH", default: ""] = tools + ":" + (environment["PATH"] ?? "")
        self.environment = environment
        for name in ["anna", "ben"] {
            try succeed(["calibrate", name, "--from", "neutral.wav"])
        }
    }

    deinit {
        speaker.kill(SIGTERM)
        room.stop()
    }

    /// What is wrong with a command; nil if it works. Two that serve would want the same port: they run one after another.
    func failure(of command: DocumentedCommand) throws -> String? {
        guard command.words.contains("--serve") else { return try outcome(of: command) }
        return try serving.withLock { _ in try outcome(of: command) }
    }

    private func outcome(of command: DocumentedCommand) throws -> String? {
        let place = try Scratch()
        for name in try FileManager.default.contentsOfDirectory(atPath: files.url.path) {
            try FileManager.default.copyItem(atPath: files.path(name), toPath: place.path(name))
        }
        for output in command.outputs {
            let json = (output as NSString).deletingPathExtension + ".json"
            let description = command.line.contains("--repeat \(json)") ? [] : [json]
            for name in [output] + description { try? FileManager.default.removeItem(atPath: place.path(name)) }
        }
        var environment = environment
        environment["XDG_DATA_HOME"] = try profiles(for: command, in: place)
        // The checkpoint of the authors is a download of 345 MB. A small one stands for it, which has other sizes.
        let line = command.line.replacingOccurrences(of: "--heads 4", with: "--heads 4 --tap 2 --encoder-heads 4")
        let errors = place.path("said")
        let output = place.url.appendingPathComponent("shown")
        let run = try ChildProcess(
            [
                "bash", "-c",
                """
                cd "$1"; set -o pipefail; exec 2>"$2"
                timeout --preserve-status -s INT \(Self.patience(with: command)) bash -c "trap : INT; $3"
                """, "bash", place.url.path, errors, line,
            ], environment: environment, output: output)
        let status = run.waitForExit()
        let said = (try? String(contentsOfFile: errors, encoding: .utf8)) ?? ""
        // 141 and 130: a neighbour in a pipe that was ended.
        guard ![0, 130, 141].contains(status) || said.contains("Error:") else { return nil }
        return "\(command) ended with code \(status): \(said.suffix(600))"
    }

    /// A copy of the profiles, without one that the command is to make.
    private func profiles(for command: DocumentedCommand, in place: Scratch) throws -> String {
        let copy = place.path(".data")
        try FileManager.default.copyItem(atPath: home.url.path, toPath: copy)
        let made = zip(command.words, command.words.dropFirst()).first { $0.0 == "calibrate" }?.1
        if let made { try? FileManager.default.removeItem(atPath: "\(copy)/emoscope/profiles/\(made).json") }
        return copy
    }

    private func succeed(_ arguments: [String]) throws {
        try Self.succeed(arguments, environment: environment, in: files)
    }

    private static func succeed(_ arguments: [String], environment: [String: String]?, in files: Scratch) throws {
        let run = try emoscope(arguments, environment: environment, in: files.url)
        guard run.status == 0 else { throw Failure(description: "\(arguments): \(run.errors)") }
    }

    /// The files that the documents name, beside `talk.wav`.
    private static func fill(_ files: Scratch) throws {
        let manager = FileManager.default
        let talk = files.path("talk.wav")
        for name in ["interviews", "Samples"] {
            try manager.createDirectory(atPath: files.path(name), withIntermediateDirectories: true)
        }
        try manager.copyItem(atPath: talk, toPath: files.path("interviews/one.wav"))
        try manager.copyItem(atPath: conversation, toPath: files.path("Samples/conversation.flac"))
        let clips = try conversationClips()
        let neutral = clips.filter {
            $0.emotion == "neutral" && $0.speaker == clips.first { $0.emotion == "neutral" }?.speaker
        }
        try writeWAV(neutral.flatMap(\.samples), to: files.path("neutral.wav"))
        try writeWAV(channels: try twoSpeakers(seconds: 8), to: files.path("duo.wav"))
        var manifest = "path,speaker,emotion,corpus\n"
        for clip in clips.prefix(3) {
            try writeWAV(clip.samples, to: files.path("\(clip.name).wav"))
            manifest += "\(clip.name).wav,\(clip.speaker),\(clip.emotion),emodb\n"
        }
        try manifest.write(toFile: files.path("clips.csv"), atomically: true, encoding: .utf8)
        for name in ["film.mkv", "memo.m4a"] {
            let made = try ChildProcess(["ffmpeg", "-v", "error", "-i", talk, files.path(name)]).waitForExit()
            guard made == 0 else { throw Failure(description: "ffmpeg cannot make \(name)") }
        }
        let checkpoint = root.appendingPathComponent("Tests/ModelTests/Goldens/tiny-new.pt").path
        try manager.copyItem(atPath: checkpoint, toPath: files.path("caser.pt"))
        let log = ["replay", "--fast", "-q", "--speakers", "3", "-o", "talk.csv", "Samples/conversation.flac"]
        try succeed(log, environment: nil, in: files)
        for name in ["monday", "friday"] {
            try manager.copyItem(atPath: files.path("talk.csv"), toPath: files.path("\(name).csv"))
        }
    }

    private static func cards(socket: String) -> String {
        """
        pcm.!plughw {
            @args [ CARD DEV SUBDEV ]
            @args.CARD { type string default Mic }
            @args.DEV { type integer default 0 }
            @args.SUBDEV { type integer default 0 }
            type pulse
            server "\(socket)"
            device "room.monitor"
        }

        """
    }
}
