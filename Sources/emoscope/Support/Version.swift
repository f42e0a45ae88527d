/// The version of the program.
enum Version {
    /// The number that `--version` prints.
    static let number = "0.1.0"
}
