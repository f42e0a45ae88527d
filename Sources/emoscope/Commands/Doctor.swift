import ArgumentParser

struct Doctor: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Check microphone, terminal, processor and weights, and say what to do.",
        discussion: """
            Opens the microphone for a second and prints how loud it is; the sound is not saved. The exit code is that of \
            the first check that fails; a note is not a failure.
            """)

    @Option(
        name: [.customShort("D"), .long],
        help: ArgumentHelp("\(Microphone.deviceHelp)", valueName: "name"))
    var device: String?

    @OptionGroup var model: ModelOptions
    @OptionGroup var settings: ConfigurationOption

    func run() throws {
        var failed: [Finding] = []
        func report(_ findings: [Finding]) {
            for finding in findings {
                Console.print(finding.line)
                if finding.severity == .failure { failed.append(finding) }
            }
        }
        report([NetworkCheck.processor()])
        report([NetworkCheck.weights(model), NetworkCheck.voiceActivity(), SpeakerEncoderCheck.run(model)])
        report([TerminalCheck.run()])
        report(MicrophoneCheck.run(device ?? Microphone.standard))
        if let first = failed.first {
            throw Failure(first.kind, "\(failed.map(\.subject).joined(separator: " and ")): see above for what to do")
        }
    }
}
