import Glibc

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Where the files that belong to the program are.
enum Locations {
    /// The shipped weights, and the voice activity detector's.
    static let weights = "emoscope.safetensors"
    static let voiceActivity = "silero_vad_16k.safetensors"

    /// The path of a shipped file: beside the program, in `share/emoscope` of its prefix, or in `Weights` of the
    /// source tree that it was built in.
    static func shipped(_ name: String) throws(Failure) -> String {
        if let path = find(name) { return path }
        throw Failure(
            .weights,
            "cannot find the shipped file \"\(name)\" beside \"\(executable)\"; put it there, or name one with --weights"
        )
    }

    /// The weights that the user chose: a file, or the name of some that lie where the shipped ones are looked for; nil
    /// for the shipped ones.
    static func weights(_ choice: String?) throws(Failure) -> String {
        guard let choice else { return try shipped(weights) }
        let isName = !choice.isEmpty && !choice.contains("/") && !choice.contains(".")
        guard isName, !isFile(choice) else { return choice }
        if let path = find(prefix + choice + suffix) { return path }
        let names = weightsNames
        throw Failure(
            .weights,
            "there are no weights named \"\(choice)\"; "
                + (names.isEmpty ? "none have a name here" : "there are: " + names.joined(separator: ", "))
                + "; name a file, or leave --weights out for those that ship")
    }

    private static let prefix = "emoscope-"
    private static let suffix = ".safetensors"

    /// What NAME may be in emoscope-NAME.safetensors, in order.
    private static var weightsNames: [String] {
        let files = folders.flatMap { (try? FileManager.default.contentsOfDirectory(atPath: $0)) ?? [] }
        let ours = files.filter { $0.hasPrefix(prefix) && $0.hasSuffix(suffix) }
        return Set(ours.map { String($0.dropFirst(prefix.count).dropLast(suffix.count)) }).sorted()
    }

    private static func find(_ name: String) -> String? {
        folders.map { $0 + "/" + name }.first { unsafe access($0, R_OK) == 0 }
    }

    /// Where the files of the program may be, in the order in which they are looked for.
    private static var folders: [String] {
        let folder = parent(executable)
        var folders = [folder, folder + "/Weights", parent(folder) + "/share/emoscope"]
        var ancestor = folder
        while ancestor != "/" && !ancestor.isEmpty {
            ancestor = parent(ancestor)
            folders.append((ancestor == "/" ? "" : ancestor) + "/Weights")
        }
        return folders
    }

    private static func isFile(_ path: String) -> Bool {
        var isFolder = false
        return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) && !isFolder
    }

    /// The path of this program, links resolved.
    static var executable: String {
        guard let path = unsafe realpath("/proc/self/exe", nil) else { return CommandLine.arguments[0] }
        defer { unsafe free(path) }
        return unsafe String(cString: path)
    }

    private static func parent(_ path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }
}
