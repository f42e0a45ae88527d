import ArgumentParser

/// A band-limited line that a clip is passed through.
enum Band: String, CaseIterable, ExpressibleByArgument {
    case telephone
}

/// The changes of a clip before the network reads it.
struct ConditionOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp("Mix a sound of this folder into each clip.", valueName: "folder"), completion: .directory)
    var noise: String?

    // `unconditional`, because a negative value looks like a flag.
    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Level of the speech above the noise, in dB (default: 10).", valueName: "dB"))
    var snr: Double?

    @Option(help: "telephone: pass each clip through 300 to 3,400 Hz at 8 kHz.")
    var band: Band?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Amplify each clip by this, in dB; it clips at full scale.", valueName: "dB"))
    var gain: Double?

    func validate() throws {
        if snr != nil, noise == nil { throw ValidationError("--snr needs --noise.") }
        for (name, value) in [("--snr", snr), ("--gain", gain)] {
            if let value, !(-100...100).contains(value) {
                throw ValidationError("\(name) \(value) is out of range; -100 to 100 dB work.")
            }
        }
    }
}
