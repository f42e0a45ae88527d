import ArgumentParser

/// The microphone of a session, and how long it is read.
struct MicrophoneOptions: ParsableArguments {
    @Option(
        name: [.customShort("D"), .long],
        help: ArgumentHelp("Capture device, by its name in \"emoscope devices\".", valueName: "name"))
    var device = "default"

    @Option(name: [.short, .long], help: ArgumentHelp("Stop after this time.", valueName: "seconds"))
    var duration: Double?

    @Flag(help: "End the session when the microphone is disconnected, instead of waiting for it.")
    var fatalErrors = false

    func validate() throws {
        if let duration, !(duration > 0 && duration <= 1e7) {
            throw ValidationError("--duration \(duration) does not work: choose a number of seconds above 0.")
        }
    }
}
