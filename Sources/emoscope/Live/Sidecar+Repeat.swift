import EmotionCore
import EmotionFiles
import EmotionNetwork
import EmotionStream

/// A session that is repeated from the description beside its log.
extension Sidecar {
    /// Reads a description.
    ///
    /// - Throws: Where the file is not readable, or is not a description that this version writes.
    init(path: String) throws {
        do {
            self = try JSONText.decode(SmallFile.read(path))
        } catch let error as FileError {
            throw error
        } catch {
            throw Self.refusal(path, "it is not the description of a session")
        }
        guard actions?.contains(where: { $0.timed == nil }) != true else {
            throw Self.refusal(path, "it holds an action that this version does not know")
        }
    }

    private static func refusal(_ path: String, _ problem: String) -> Failure {
        Failure(
            .usage,
            "cannot repeat \"\(path)\": \(problem); name the .json that emoscope wrote beside a session's log")
    }

    /// The user's actions, in the order of their samples.
    var schedule: [TimedAction] { (actions ?? []).compactMap(\.timed).sorted { $0.sample < $1.sample } }

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
        options.unsure.unsure = settings.unsureBelow
        guard let silence = SilenceTreatment(rawValue: settings.silence) else {
            throw Self.refusal(path, "its silence \"\(printable(settings.silence))\" is neither keep nor cut")
        }
        options.listening.silence = silence
        // Sessions of older versions had no baseline.
        guard let baseline = BaselineChoice(rawValue: settings.baseline ?? BaselineChoice.none.rawValue) else {
            throw Self.refusal(path, "its baseline \"\(printable(settings.baseline ?? ""))\" is not known")
        }
        options.baseline.baseline = settings.profile == nil ? baseline : nil
        options.baseline.profile.profile = settings.profile
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
