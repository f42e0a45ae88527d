import ArgumentParser
import EmotionCore
import EmotionNetwork
import EmotionRecognition

struct Profiles: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "List the voice profiles that \"emoscope calibrate\" made, or remove some.",
        subcommands: [List.self, Remove.self], defaultSubcommand: List.self)

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List the voice profiles.")

        @OptionGroup var weights: WeightsOption
        @OptionGroup var settings: ConfigurationOption

        func run() throws {
            let store = try ProfileStore()
            let names = store.names
            guard !names.isEmpty else {
                Console.note("There are no profiles yet. Make one with: emoscope calibrate NAME")
                return
            }
            let path = try ShippedFiles.weights(weights.weights)
            let digest = try WeightsDescription(path: path).sha256
            var rows = [["name", "made", "heard", "kept", "voice", "weights", ""]]
            for name in names {
                do throws(ProfileFault) {
                    let profile = try store.load(name)
                    rows.append([
                        name, printable(profile.date), "\(profile.heardSeconds.fixed(1)) s",
                        "\(profile.seconds.fixed(1)) s", profile.voice == nil ? "no" : "yes",
                        printable(profile.weights),
                        remarks(profile, fits: profile.fits(digest), path),
                    ])
                } catch {
                    rows.append([name, "", "", "", "", "", "\(error.problem); \(error.advice)"])
                }
            }
            Console.print(TextTable.draw(rows))
        }

        /// What a profile cannot be used for, and why.
        private func remarks(_ profile: VoiceProfile, fits: Bool, _ path: String) -> String {
            [
                profile.voice == nil ? "made before profiles held the voice: calibrate again" : nil,
                fits ? nil : "of other weights than \(path)",
            ].compactMap(\.self).joined(separator: "; ")
        }
    }

    struct Remove: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Remove voice profiles.")

        @Argument(help: "Names of profiles.")
        var names: [String]

        func run() throws {
            let store = try ProfileStore()
            // All are there before the first is gone.
            for name in names {
                try ProfileStore.check(name)
                try store.checkIsThere(name)
            }
            // A name that is given twice is removed once.
            for name in Set(names).sorted() { try store.remove(name) }
        }
    }
}
