import Glibc

/// Where the files that belong to the program are.
enum Locations {
    /// The shipped weights, and the voice activity detector's.
    static let weights = "emoscope.safetensors"
    static let voiceActivity = "silero_vad_16k.safetensors"

    /// The path of a shipped file: beside the program, in `share/emoscope` of its prefix, or in `Weights` of the
    /// source tree that it was built in.
    static func shipped(_ name: String) throws(Failure) -> String {
        let folder = parent(executable)
        var candidates = [folder, folder + "/Weights", parent(folder) + "/share/emoscope"]
        var ancestor = folder
        while ancestor != "/" && !ancestor.isEmpty {
            ancestor = parent(ancestor)
            candidates.append((ancestor == "/" ? "" : ancestor) + "/Weights")
        }
        for candidate in candidates.map({ $0 + "/" + name }) where unsafe access(candidate, R_OK) == 0 {
            return candidate
        }
        throw Failure(
            .weights,
            "cannot find the shipped file \"\(name)\" beside \"\(executable)\"; put it there, or name one with --weights"
        )
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
