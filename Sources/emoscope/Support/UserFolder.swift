import EmotionFiles
import Glibc

/// A folder of the user's, by the XDG base directory specification.
enum UserFolder {
    /// The path of emoscope's folder: `emoscope` in the folder that the variable names, or in the one of the home folder.
    ///
    /// - Parameters:
    ///   - variable: Such as `XDG_CONFIG_HOME`; a path that is not absolute does not count.
    ///   - place: The place in the home folder without the variable, such as `.config`.
    /// - Returns: nil where neither the variable nor `HOME` names a folder.
    static func path(_ variable: String, orInHome place: String) -> String? {
        func value(_ name: String) -> String? {
            unsafe getenv(name).map { unsafe String(cString: $0) }.flatMap { $0.hasPrefix("/") ? $0 : nil }
        }
        guard let base = value(variable) ?? value("HOME").map({ "\($0)/\(place)" }) else { return nil }
        return base + "/emoscope"
    }

    /// Makes a folder and those above it that are missing; nobody else may look into them.
    static func make(_ folder: String) throws(FileError) {
        var parent = ""
        for part in folder.split(separator: "/") {
            parent += "/" + part
            guard unsafe mkdir(parent, 0o700) == 0 || errno == EEXIST else {
                throw FileError(parent, cannot: "create", errno: errno, whenFull: "free some room and try again")
            }
        }
    }
}
