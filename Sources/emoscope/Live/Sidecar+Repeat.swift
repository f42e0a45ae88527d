import EmotionCore
import EmotionFiles
import EmotionNetwork
import EmotionStream

/// A session that is repeated from the description beside its log.
extension Sidecar {
    /// Reads a description.
    ///
    /// - Throws: `usage` where the file is not readable, or is not a description that this version writes.
    init(path: String) throws(Failure) {
        let bytes: [UInt8]
        do {
            bytes = try BoundedFile.bytes(of: path, limit: BoundedFile.smallLimit)
        } catch {
            throw Self.refusal(path, error.description)
        }
        try self.init(bytes, path)
    }

    /// Decodes a description.
    ///
    /// - Parameter path: The description's path, for errors.
    init(_ bytes: [UInt8], _ path: String) throws(Failure) {
        do {
            self = try JSONText.decode(bytes)
        } catch {
            throw Self.refusal(path, "it is not the description of a session")
        }
        guard actions?.contains(where: { $0.timed == nil }) != true else {
            throw Self.refusal(path, "it holds an action that this version does not know")
        }
        if let problem = settings.baselineProblem ?? settings.speakersProblem { throw Self.refusal(path, problem) }
    }

    private static func refusal(_ path: String, _ problem: String) -> Failure {
        Failure(
            .usage,
            "cannot repeat \"\(path)\": \(problem); name the .json that emoscope wrote beside a session's log")
    }

    /// The user's actions, in the order of their samples.
    var schedule: [TimedAction] { (actions ?? []).compactMap(\.timed).sorted { $0.sample < $1.sample } }

    /// Whether recordings lack the sound of the session's pauses: its saved sound does, the recordings that it played do
    /// not.
    func lacksPauses(_ files: [String]) -> Bool {
        func name(_ path: String) -> Substring { path.split(separator: "/").last ?? "" }
        return audio != nil && files.map(name) != source.map(name)
    }

    /// Gives options the settings of the session.
    ///
    /// - Parameter path: The description's path, for errors.
    /// - Throws: Where a setting does not work with this version.
    func apply(to options: inout SessionOptions, _ path: String) throws {
        options.listening.hop = settings.hopSeconds
        options.listening.smooth = settings.smoothingSeconds
        options.listening.vadThreshold = settings.vadThreshold
        options.listening.minSpeech = settings.minimumSpeech
        options.listening.minRecentSpeech = settings.minimumRecentSpeech
        options.listening.splitChannels = settings.splitChannels
        options.speakers.count = settings.speakerCount ?? .exactly(1)
        options.unsure.unsure = settings.unsureBelow
        guard let silence = SilenceTreatment(rawValue: settings.silence) else {
            throw Self.refusal(path, "its silence \"\(printable(settings.silence))\" is neither keep nor cut")
        }
        options.listening.silence = silence
        // What was known beforehand is in the description; what was learned is learned again.
        options.baseline.baseline = settings.baseline.flatMap(BaselineChoice.init)
        do {
            try options.listening.validate()
            try options.unsure.validate()
        } catch {
            throw Self.refusal(path, "a setting is out of range (\(error))")
        }
    }

    /// Checks that a model has the weights of the session.
    func check(_ model: EmotionModel) throws {
        let sum = model.metadata[WeightsDescription.digestKey] ?? ""
        guard sum == weights.sha256 else {
            throw Failure(
                .weights,
                "the session was read with other weights, \"\(printable(weights.file))\"; give them by --weights to repeat it"
            )
        }
    }
}
