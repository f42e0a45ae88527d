import ArgumentParser

/// A line that a voice passes.
enum Band: String, CaseIterable, ExpressibleByArgument {
    case telephone
}

/// What happens to a clip before the network reads it.
struct ConditionOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Mix in a sound of this folder, one a clip.", valueName: "folder"))
    var noise: String?

    // A value may be negative, which would else look like a flag.
    @Option(
        parsing: .unconditional, help: ArgumentHelp("Speech above that noise, in dB (default: 10).", valueName: "dB"))
    var snr: Double?

    @Option(help: "telephone: 8 kHz, 300 to 3,400 Hz.")
    var band: Band?

    @Option(
        parsing: .unconditional, help: ArgumentHelp("Louder by this, in dB, clipped at full scale.", valueName: "dB"))
    var gain: Double?

    func validate() throws {
        if snr != nil, noise == nil { throw ValidationError("--snr needs --noise.") }
        for (name, value) in [("--snr", snr), ("--gain", gain)] {
            if let value, !(-100...100).contains(value) {
                throw ValidationError("\(name) \(value) is beyond what makes sense; -100 to 100 dB work.")
            }
        }
    }
}
