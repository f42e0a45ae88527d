import ArgumentParser

@main
struct Emoscope: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "emoscope")
}
