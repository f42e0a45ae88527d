import ArgumentParser
import EmotionCore
import EmotionLive
import EmotionSoundFiles

/// The microphone of a session, and how long it is read.
struct MicrophoneOptions: ParsableArguments {
    @Option(
        name: [.customShort("D"), .long],
        help: ArgumentHelp("\(Microphone.deviceHelp)", valueName: "name"))
    var device: String?

    @OptionGroup var rawOption: RawOption

    @Option(name: [.short, .long], help: ArgumentHelp("Stop after this time.", valueName: "seconds"))
    var duration: Double?

    @Flag(help: "End the session when the microphone is disconnected, instead of waiting for it.")
    var fatalErrors = false

    /// What a session hears: the microphone, or a stream.
    ///
    /// - Parameter stream: `-` or the path of a pipe; nil for the microphone.
    func input(_ stream: String?) throws -> SessionInput {
        try check(stream)
        guard let stream else { return .microphone(device: device ?? Microphone.standard) }
        return .files([stream], pace: .realTime, raw: rawOption.raw)
    }

    /// Checks that a stream is not named beside a microphone. This is no part of the validation, which would take the value
    /// of an unknown flag for a stream before the flag is found to be unknown.
    private func check(_ stream: String?) throws {
        guard stream == nil || device == nil else {
            throw ValidationError("--device is a microphone and \(stream ?? "") is a stream: give one of them.")
        }
        if let stream, stream != AudioFile.standardInput, !AudioFile.isStream(stream) {
            throw ValidationError(
                "\"\(printable(stream))\" is no pipe: a microphone is heard, or a pipe (- is standard input).")
        }
        guard stream != nil || rawOption.raw == nil else {
            throw ValidationError("--raw is the format of a stream: name one, - for standard input.")
        }
    }

    func validate() throws {
        if let duration, !(duration > 0 && duration <= 1e7) {
            throw ValidationError("--duration \(duration) does not work: choose a number of seconds above 0.")
        }
    }
}
