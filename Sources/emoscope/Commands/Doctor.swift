import ArgumentParser

struct Doctor: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Check microphone, terminal, processor and weights, and say what to do.",
        discussion: """
            Opens the microphone for a second and tells how loud it is; nothing of it is kept. Ends with the exit code of \
            the first check that fails; notes are no failures.
            """)

    @Option(
        name: [.customShort("D"), .long],
        help: ArgumentHelp("Capture device, by a name of \"emoscope devices\".", valueName: "name"))
    var device = "default"

    @OptionGroup var model: ModelOptions

    func run() throws {
        var failed: [Finding] = []
        func tell(_ findings: [Finding]) {
            for finding in findings {
                Console.print(finding.line)
                if finding.severity == .bad { failed.append(finding) }
            }
        }
        tell([NetworkCheck.processor()])
        tell([NetworkCheck.weights(model), NetworkCheck.voiceActivity()])
        tell([TerminalCheck.run()])
        tell(MicrophoneCheck.run(device))
        if let first = failed.first {
            throw Failure(first.kind, "\(failed.map(\.subject).joined(separator: " and ")): see above what to do")
        }
    }
}
