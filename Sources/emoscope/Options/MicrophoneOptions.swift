import ArgumentParser

/// Which microphone, and for how long.
struct MicrophoneOptions: ParsableArguments {
    @Option(
        name: [.customShort("D"), .long],
        help: ArgumentHelp("Capture device, by a name of \"emoscope devices\".", valueName: "name"))
    var device = "default"

    @Option(name: [.short, .long], help: ArgumentHelp("Stop after so long.", valueName: "seconds"))
    var duration: Double?

    @Flag(help: "End when the microphone goes away, rather than wait for it to come back.")
    var fatalErrors = false

    func validate() throws {
        if let duration, !(duration > 0 && duration <= 1e7) {
            throw ValidationError("--duration \(duration) does not work: give seconds above 0.")
        }
    }
}
