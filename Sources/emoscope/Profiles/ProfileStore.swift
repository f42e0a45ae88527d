import EmotionCore
import EmotionFiles
import EmotionNetwork
import Glibc

/// The folder of voice profiles: `emoscope/profiles` in the user's data folder of the XDG base directory specification.
struct ProfileStore {
    /// Words of the log's column `baseline`, which no profile may be named after.
    private static let reserved: Set<String> = ["none", "learning", "auto", "session", "whole"]

    let folder: String

    init() throws(Failure) {
        func variable(_ name: String) -> String? { unsafe getenv(name).map { unsafe String(cString: $0) } }
        if let data = variable("XDG_DATA_HOME"), data.hasPrefix("/") {
            folder = data + "/emoscope/profiles"
        } else if let home = variable("HOME"), home.hasPrefix("/") {
            folder = home + "/.local/share/emoscope/profiles"
        } else {
            throw Failure(.output, "there is no folder for voice profiles: set HOME or XDG_DATA_HOME")
        }
    }

    /// Checks a name.
    ///
    /// - Throws: Where it could not be a file's name, or is a word of the log.
    static func check(_ name: String) throws(Failure) {
        let isPlain = name.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"):
                true
            default: false
            }
        }
        guard isPlain, (1...64).contains(name.utf8.count), !name.hasPrefix("-") else {
            throw Failure(
                .usage, "\"\(printable(name))\" cannot name a profile: choose 1 to 64 letters, digits, - and _")
        }
        guard !reserved.contains(name) else {
            throw Failure(.usage, "\"\(name)\" is a word of the log and cannot name a profile: choose another name")
        }
    }

    func path(_ name: String) -> String { "\(folder)/\(name).json" }

    /// The names of all profiles, in order.
    var names: [String] {
        guard let stream = unsafe opendir(folder) else { return [] }
        defer { unsafe closedir(stream) }
        var names: [String] = []
        while let entry = unsafe readdir(stream) {
            let file = unsafe withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                unsafe pointer.withMemoryRebound(to: CChar.self, capacity: 256) { unsafe String(cString: $0) }
            }
            let name = String(file.dropLast(5))
            if file.hasSuffix(".json"), (try? Self.check(name)) != nil { names.append(name) }
        }
        return names.sorted()
    }

    /// Reads a profile.
    ///
    /// - Throws: Where there is none of that name, or its file is damaged.
    func read(_ name: String) throws -> VoiceProfile {
        try Self.check(name)
        guard unsafe access(path(name), F_OK) == 0 else {
            let known = names
            throw Failure(
                .usage,
                "there is no profile \"\(name)\": "
                    + (known.isEmpty ? "there are none yet" : "there are \(known.joined(separator: ", "))")
                    + "; make one with: emoscope calibrate \(name)")
        }
        guard let profile = VoiceProfile(try SmallFile.read(path(name))) else {
            throw Failure(
                .runTime,
                "\"\(path(name))\" is no voice profile of this version; make it again with: "
                    + "emoscope calibrate \(name) --force")
        }
        return profile
    }

    /// Reads the baseline of a profile that was made with the weights of a model.
    func baseline(_ name: String, for model: EmotionModel) throws -> VoiceBaseline {
        let profile = try read(name)
        guard profile.fits(model) else {
            throw Failure(
                .weights,
                "the profile \"\(name)\" was made with other weights, \(printable(profile.weights)): choose them with "
                    + "--weights, or make it again with: emoscope calibrate \(name) --force")
        }
        return profile.baseline
    }

    func write(_ profile: VoiceProfile, existing: ExistingFilePolicy) throws {
        var parent = ""
        for part in folder.split(separator: "/") {
            parent += "/" + part
            guard unsafe mkdir(parent, 0o700) == 0 || errno == EEXIST else {
                throw FileError(parent, cannot: "create", errno: errno)
            }
        }
        try AtomicFile.write(JSONText.file(profile), to: path(profile.name), existing: existing)
        // A voice is its owner's business.
        unsafe chmod(path(profile.name), 0o600)
    }

    func remove(_ name: String) throws {
        try Self.check(name)
        guard unsafe unlink(path(name)) == 0 else {
            throw FileError(path(name), cannot: "remove", errno: errno)
        }
    }
}
