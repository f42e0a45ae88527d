import ArgumentParser
import CEmotionGlibc
import EmotionCore
import Glibc

@main
struct Emoscope: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "emoscope",
        abstract: "See the emotion in a voice, live, in your terminal.",
        discussion: """
            Exit codes: 0 done, 1 failure while running, 2 wrong usage, 3 device, 4 weights, 5 output file.
            Everything runs on this machine: no sound leaves it, and nothing is saved unless you ask for it.
            """,
        version: Version.number,
        subcommands: [
            Watch.self, Record.self, Replay.self, Predict.self, Embed.self, Evaluate.self, ManifestCommand.self,
            Calibrate.self, Profiles.self, Speakers.self, Export.self, Report.self, Bench.self, Devices.self,
            Doctor.self, ConfigCommand.self, WeightsCommand.self,
        ],
        defaultSubcommand: Watch.self
    )

    static func main() {
        StandardDescriptors.occupy()
        // Two arenas of malloc instead of one for each thread: with a thread for each file, memory grew for hours.
        mallopt(M_ARENA_MAX, 2)
        var arguments = Array(Self.arguments.dropFirst())
        if arguments.first == "-V" { arguments[0] = "--version" }
        if arguments.first == "speakers" { arguments = NamePair.joined(arguments) }
        arguments = ServeOptions.completed(arguments)
        do {
            try checkFileNames(arguments)
            var command = try configured(arguments)
            try command.run()
            try Console.checkOutput()
        } catch {
            end(error, arguments)
        }
    }

    /// Makes the command of a command line, with the settings of the configuration. Where the command line does not work
    /// with or without them, its own error is the one that is thrown.
    private static func configured(_ arguments: [String]) throws -> any ParsableCommand {
        let plain = Result { try parseAsRoot(arguments) }
        if case .failure(let error) = plain, exitCode(for: error) != .validationFailure { throw error }
        guard let configured = try ConfiguredArguments(arguments, parsed: try? plain.get()) else {
            return try plain.get()
        }
        do {
            return try parseAsRoot(configured.all)
        } catch {
            _ = try plain.get()
            throw configured.failure(error)
        }
    }

    /// The arguments of the process, in which names of files may be any bytes.
    private static var arguments: [String] {
        let words = unsafe UnsafeBufferPointer(start: CommandLine.unsafeArgv, count: Int(CommandLine.argc))
        return unsafe words.compactMap { word in
            unsafe word.map { start in
                let bytes = unsafe UnsafeBufferPointer(start: start, count: strlen(start))
                return FileName.text(unsafe bytes.map(UInt8.init(bitPattern:)))
            }
        }
    }

    /// Refuses a file whose name would be taken for flags, as `-h.wav` in `*.wav`.
    private static func checkFileNames(_ arguments: [String]) throws {
        for argument in arguments.prefix(while: { $0 != "--" }) where argument.hasPrefix("-") && argument.contains(".")
        {
            guard unsafe access(argument.cPath, F_OK) == 0 else { continue }
            throw Failure(
                .usage,
                "the name of the file \"\(printable(argument))\" would be read as flags: write ./\(printable(argument)), or "
                    + "-- before the files")
        }
    }

    /// Prints an error to standard error, or help that was asked for to standard output, and exits.
    private static func end(_ error: any Error, _ arguments: [String]) -> Never {
        let code = exitCode(for: error)
        if code == .validationFailure {
            Console.note(UnknownFlag.corrected(fullMessage(for: error), arguments))
            hint(arguments).map(Console.note)
            Glibc.exit(Failure.Kind.usage.rawValue)
        }
        if error is CleanExit || code == .success {
            let message = fullMessage(for: error)
            Console.print(message == Version.number ? Version.description : message)
            do {
                try Console.checkOutput()
            } catch {
                end(Failure(error))
            }
            Glibc.exit(EXIT_SUCCESS)
        }
        end(Failure(error))
    }

    /// Prints a failure to standard error, and exits with its code.
    private static func end(_ failure: Failure) -> Never {
        Console.error(failure.message)
        Glibc.exit(failure.kind.rawValue)
    }

    /// The word by which a command is called.
    static func name(of command: any ParsableCommand.Type) -> String {
        command.configuration.commandName ?? String(describing: command).lowercased()
    }

    /// A hint for a first argument that is not a command.
    private static func hint(_ arguments: [String]) -> String? {
        let commands = configuration.subcommands.map(name)
        guard let word = arguments.first, !word.hasPrefix("-"), !commands.contains(word) else { return nil }
        if unsafe access(word.cPath, F_OK) == 0 { return "To play a recording: emoscope replay \(word)" }
        if let nearest = nearest(to: word, among: commands) {
            return "\"\(printable(word))\" is not a command: did you mean \(nearest)?"
        }
        return "\"\(printable(word))\" is not a command; the commands are \(commands.joined(separator: ", "))."
    }
}
