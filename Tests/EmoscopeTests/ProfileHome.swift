import Foundation
import Testing

@testable import emoscope

/// A data folder for the profiles of one test.
struct ProfileHome: Sendable {
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

    /// Writes a recording of the neutral clips of a speaker of the bundled conversation; returns its path.
    func neutralSpeech(of speaker: String = "emodb_14", times: Int = 1) throws -> String {
        let neutral = try conversationClips().filter { $0.emotion == "neutral" && $0.speaker == speaker }
        let path = scratch.path("\(speaker).wav")
        try writeWAV(Array(repeatElement(neutral.flatMap(\.samples), count: times).joined()), to: path)
        return path
    }

    /// The profile, as the program reads it.
    func profile(_ name: String) throws -> VoiceProfile {
        try #require(VoiceProfile(Array(Data(contentsOf: URL(fileURLWithPath: path(name))))))
    }

    /// Makes a profile one of the format before, which has no embedding.
    func makeOld(_ name: String) throws {
        let file = URL(fileURLWithPath: path(name))
        var profile = try #require(try JSONSerialization.jsonObject(with: Data(contentsOf: file)) as? [String: Any])
        #expect(profile.removeValue(forKey: "embedding") != nil)
        profile["format"] = "emoscope-profile/1"
        try JSONSerialization.data(withJSONObject: profile).write(to: file)
    }
}
