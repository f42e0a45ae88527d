import EmotionCore
import EmotionFiles
import EmotionNetwork
import EmotionStream
import Glibc

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// The description of a session, in a JSON file beside its CSV, from which the session can be reproduced.
struct Sidecar: Codable {
    struct Weights: Codable {
        var file: String
        var sha256: String
        var provenance: String
        var licence: String
    }

    struct Settings: Codable {
        var windowSeconds: Double
        var hopSeconds: Double
        var smoothingSeconds: Double
        var vadThreshold: Double
        var minimumSpeech: Double
        var minimumRecentSpeech: Double
        var silence: String
        var unsureBelow: Double
        var baseline: String
        var paced: Bool
        var splitChannels: Bool
    }

    var emoscope: String
    /// Instruction set, arithmetic and threads of the matrix products.
    var kernels: String
    var started: String
    var source: [String]
    var audio: String?
    var weights: Weights
    var settings: Settings

    init(_ plan: SessionPlan, _ chosen: SessionSettings, model: EmotionModel) {
        emoscope = Version.number
        kernels = model.kernels
        started = WallTime.now.iso8601
        switch plan.input {
        case .microphone(let device): source = [device]
        case .files(let files, _): source = files
        }
        audio = plan.options.saving.saveAudio
        weights = Weights(
            file: model.path, sha256: model.metadata["sha256"] ?? "", provenance: model.metadata["provenance"] ?? "",
            licence: model.metadata["licence"] ?? "")
        settings = Settings(
            windowSeconds: SessionSettings.window, hopSeconds: plan.options.listening.hop,
            smoothingSeconds: plan.options.listening.smooth,
            vadThreshold: plan.options.listening.vadThreshold, minimumSpeech: plan.options.listening.minSpeech,
            minimumRecentSpeech: plan.options.listening.minRecentSpeech, silence: chosen.silence.rawValue,
            unsureBelow: chosen.unsureBelow, baseline: plan.options.baseline.baseline.rawValue, paced: chosen.isPaced,
            splitChannels: plan.mode == .split)
    }

    /// Writes the description to `session.json` beside `session.csv`, or to `session-2.json` if the session is appended
    /// to the log.
    ///
    /// - Returns: The path.
    func write(beside log: String, existing: ExistingFilePolicy) throws -> String {
        let encoder = JSONEncoder()
        encoder.keyEncodingStrategy = .convertToSnakeCase
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        let text = String(decoding: try encoder.encode(self), as: UTF8.self) + "\n"
        let base = log.hasSuffix(".csv") ? String(log.dropLast(4)) : log
        var path = base + ".json"
        var number = 1
        while existing == .continued, unsafe access(path, F_OK) == 0 {
            number += 1
            path = "\(base)-\(number).json"
        }
        try AtomicFile.write(Array(text.utf8), to: path, existing: existing)
        return path
    }
}
