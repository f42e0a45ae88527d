import EmotionCore
import EmotionFiles

/// Keeps what a command reads from being replaced by what it writes, also with `--force`.
enum OwnInput {
    /// Checks that no file is written over one that is read, nor over another one that is written.
    ///
    /// - Parameters:
    ///   - inputs: Paths of what is read; those that are no files, such as `-`, do not matter.
    ///   - outputs: Paths of what is written; nil for none.
    /// - Throws: `output` with the two names of the one file.
    static func keep(_ inputs: [String], from outputs: [String?]) throws(Failure) {
        var written = Set<String>()
        for output in outputs.compactMap(\.self) {
            if let input = inputs.first(where: { RegularFile.isSame($0, output) }) {
                throw Failure(
                    .output,
                    "cannot write \"\(printable(output))\": it is \"\(printable(input))\", which this command reads; choose "
                        + "another name")
            }
            guard written.insert(output).inserted || output.hasPrefix("/dev/") else {
                throw Failure(
                    .output, "cannot write \"\(printable(output))\": two files of this command would have that name")
            }
        }
    }
}
