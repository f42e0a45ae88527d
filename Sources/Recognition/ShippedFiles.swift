import CEmotionWeights
import EmotionCore
import Glibc

/// The files that ship with the package.
///
/// They are searched for in this order: beside the program, in `Weights` beside it, in `share/emoscope` of its prefix,
/// in `Weights` of each folder above it (as in the source tree), and in the resource folder that a build puts beside
/// it.
package enum ShippedFiles {
    /// The default weights.
    package static let weights = "emoscope.safetensors"
    /// The weights of the voice activity detector.
    package static let voiceActivity = "silero_vad_16k.safetensors"
    /// The weights of the speaker encoder.
    package static let speakerEncoder = "ge2e_speaker_encoder.safetensors"

    /// The path of a shipped file.
    ///
    /// - Throws: `weights` where the file is in none of the folders.
    package static func path(of name: String) throws(RecognitionError) -> String {
        if let path = find(name) { return path }
        throw RecognitionError(
            .weights,
            "cannot find the shipped file \"\(name)\" beside \"\(executable)\"; put it there, or name other weights")
    }

    /// The path of a shipped file beside the program.
    static func besideProgram(_ name: String) -> String { parent(executable) + "/" + name }

    /// The path of chosen weights.
    ///
    /// - Parameter choice: A file's path, or NAME for `emoscope-NAME.safetensors` beside the shipped weights; nil for
    ///   the shipped weights.
    /// - Throws: `weights` where there are no weights of that name, or the shipped ones are not found.
    package static func weights(_ choice: String?) throws(RecognitionError) -> String {
        guard let choice else { return try path(of: weights) }
        let isName = !choice.isEmpty && !choice.contains("/") && !choice.contains(".")
        guard isName, !isFile(choice) else { return choice }
        if let path = find(prefix + choice + suffix) { return path }
        let names = weightsNames
        throw RecognitionError(
            .weights,
            "there are no weights named \"\(choice)\"; "
                + (names.isEmpty ? "none have a name here" : "there are: " + names.joined(separator: ", "))
                + "; name a file, or leave the choice out for those that ship")
    }

    private static let prefix = "emoscope-"
    private static let suffix = ".safetensors"

    /// The available values of NAME in emoscope-NAME.safetensors, sorted.
    private static var weightsNames: [String] {
        let files = folders.flatMap(fileNames).filter { $0.hasPrefix(prefix) && $0.hasSuffix(suffix) }
        return Set(files.map { String($0.dropFirst(prefix.count).dropLast(suffix.count)) }).sorted()
    }

    private static func find(_ name: String) -> String? {
        folders.map { $0 + "/" + name }.first { unsafe access($0, R_OK) == 0 }
    }

    /// The folders in the order in which they are searched.
    private static var folders: [String] {
        let folder = parent(executable)
        let bundle = unsafe String(cString: emotion_weights_bundle())
        var folders = [folder, folder + "/Weights", parent(folder) + "/share/emoscope"]
        var ancestor = folder
        while ancestor != "/" && !ancestor.isEmpty {
            ancestor = parent(ancestor)
            folders.append((ancestor == "/" ? "" : ancestor) + "/Weights")
        }
        return folders + [folder + "/" + bundle]
    }

    /// The path of this program, with links resolved.
    private static var executable: String {
        guard let path = unsafe realpath("/proc/self/exe", nil) else { return CommandLine.arguments[0] }
        defer { unsafe free(path) }
        return unsafe String(cString: path)
    }

    private static func parent(_ path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    /// Whether there is something other than a folder at a path.
    private static func isFile(_ path: String) -> Bool {
        var status = stat()
        return unsafe stat(path.cPath, &status) == 0 && status.st_mode & S_IFMT != S_IFDIR
    }

    /// The names of a folder's entries; empty where it cannot be read.
    private static func fileNames(in folder: String) -> [String] {
        guard let directory = unsafe opendir(folder) else { return [] }
        defer { unsafe closedir(directory) }
        var names: [String] = []
        while let entry = unsafe readdir(directory) {
            let name = unsafe withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
                unsafe String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            names.append(name)
        }
        return names
    }
}
