import ArgumentParser
import EmotionCore
import EmotionRecognition

struct Profiles: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "List the voice profiles that \"emoscope calibrate\" made, or remove some.",
        subcommands: [List.self, Remove.self], defaultSubcommand: List.self)

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List the voice profiles.")

        @OptionGroup var model: ModelOptions

        func run() throws {
            let store = try ProfileStore()
            let names = store.names
            guard !names.isEmpty else {
                Console.note("There are no profiles yet. Make one with: emoscope calibrate NAME")
                return
            }
            let recognizer = try model.recognizer()
            var rows = [["name", "made", "speech", "weights", ""]]
            for name in names {
                guard let profile = try? store.read(name) else {
                    rows.append([name, "", "", "", "damaged: emoscope calibrate \(name) --force"])
                    continue
                }
                rows.append([
                    name, printable(profile.date), "\(profile.seconds.fixed(1)) s", printable(profile.weights),
                    profile.fits(recognizer.model) ? "" : "of other weights than \(recognizer.weightsPath)",
                ])
            }
            Console.print(TextTable.draw(rows))
        }
    }

    struct Remove: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Remove voice profiles.")

        @Argument(help: "Names of profiles.")
        var names: [String]

        func run() throws {
            let store = try ProfileStore()
            // All are there before the first is gone.
            for name in names where !store.names.contains(name) { _ = try store.read(name) }
            for name in names { try store.remove(name) }
        }
    }
}
