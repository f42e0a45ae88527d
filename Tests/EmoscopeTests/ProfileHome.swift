import Foundation

/// A data folder for the profiles of one test.
struct ProfileHome {
    let scratch: Scratch
    let environment: [String: String]

    init() throws {
        scratch = try Scratch()
        environment = Self.environment(scratch, ProcessInfo.processInfo.environment)
    }

    /// An environment in which profiles are in the scratch folder.
    static func environment(_ scratch: Scratch, _ variables: [String: String]) -> [String: String] {
        variables.merging(["XDG_DATA_HOME": scratch.path("data")]) { $1 }
    }

    func emoscope(_ arguments: String...) throws -> Outcome { try emoscope(arguments) }

    func emoscope(_ arguments: [String]) throws -> Outcome {
        try EmoscopeTests.emoscope(arguments, environment: environment)
    }

    /// The folder of the profiles.
    var folder: String { scratch.path("data/emoscope/profiles") }

    func path(_ name: String) -> String { "\(folder)/\(name).json" }

    func exists(_ name: String) -> Bool { FileManager.default.fileExists(atPath: path(name)) }

    func makeFolder() throws {
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    }

    /// Writes a recording of the neutral clips of the bundled conversation; returns its path.
    func neutralSpeech(times: Int = 1) throws -> String {
        let neutral = try conversationClips().filter { $0.emotion == "neutral" }.flatMap(\.samples)
        try writeWAV(Array(repeatElement(neutral, count: times).joined()), to: scratch.path("neutral.wav"))
        return scratch.path("neutral.wav")
    }
}
