import EmotionCore
import EmotionStream

/// What a session knew of each voice's normal, so that a repetition needs neither the profile nor the recordings.
extension Sidecar.Settings {
    /// Channels that a session has at most.
    private static let mostChannels = 2

    /// Describes where the baselines of a session come from.
    mutating func describe(_ mode: BaselineMode) {
        switch mode {
        case .none: baseline = BaselineChoice.none.rawValue
        case .automatic: baseline = BaselineChoice.auto.rawValue
        case .given(let given, let state):
            baselines = given
            if case .profile(let name) = state { profile = name }
            baseline = (profile == nil ? BaselineChoice.whole : .none).rawValue
        }
    }

    /// The baselines that were known beforehand; nil where there were none.
    var given: BaselineMode? {
        baselines.map { .given($0, profile.map(BaselineState.profile) ?? .recording) }
    }

    /// What is wrong with the description of the baselines, as a clause; nil where all is well.
    var baselineProblem: String? {
        // Sessions of older versions had no baseline.
        guard let choice = BaselineChoice(rawValue: baseline ?? BaselineChoice.none.rawValue) else {
            return "its baseline \"\(printable(baseline ?? ""))\" is not known"
        }
        if let profile {
            guard (try? ProfileStore.check(profile)) != nil else { return "its profile has a name that none can have" }
            guard baselines != nil else { return "it names the profile \"\(profile)\" without its numbers" }
        }
        if let baselines {
            guard (1...Self.mostChannels).contains(baselines.count), baselines.allSatisfy(\.isPlausible),
                choice == (profile == nil ? .whole : .none)
            else { return "its baselines are no voice's" }
        }
        if let correction, !correction.isPlausible { return "its correction is no network's" }
        return nil
    }
}

extension BaselineCorrection {
    /// Whether the numbers, which come from a file, can be those of a network.
    fileprivate var isPlausible: Bool {
        doubt > 0 && doubt <= 1e6 && limit > 0 && limit <= 1000 && usual.values.allSatisfy { abs($0) <= 1e6 }
    }
}
