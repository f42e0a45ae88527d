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
        case .given(let given):
            baselines = given.map(\.baseline)
            let names = given.compactMap { if case .profile(let name) = $0.state { name } else { nil } }
            if splitChannels, !names.isEmpty { channelProfiles = names } else { profile = names.first }
            baseline = (names.isEmpty ? BaselineChoice.whole : .none).rawValue
        }
    }

    /// The baselines that were known beforehand; nil where there were none.
    var given: BaselineMode? {
        guard let baselines else { return nil }
        // Older sessions of split channels had one profile for both.
        let all = splitChannels && profile != nil ? Array(repeating: baselines[0], count: Self.mostChannels) : baselines
        return .given(
            all.enumerated().map { channel, baseline in
                GivenBaseline(baseline, (channelProfiles?[channel] ?? profile).map(BaselineState.profile) ?? .recording)
            })
    }

    /// What is wrong with the description of the baselines, as a clause; nil where all is well.
    var baselineProblem: String? {
        // Sessions of older versions had no baseline.
        guard let choice = BaselineChoice(rawValue: baseline ?? BaselineChoice.none.rawValue) else {
            return "its baseline \"\(printable(baseline ?? ""))\" is not known"
        }
        let names = channelProfiles ?? profile.map { [$0] } ?? []
        guard names.allSatisfy({ (try? ProfileStore.check($0)) != nil }) else {
            return "its profile has a name that none can have"
        }
        if let name = names.first, baselines == nil { return "it names the profile \"\(name)\" without its numbers" }
        if let channelProfiles {
            guard splitChannels, profile == nil, channelProfiles.count == baselines?.count else {
                return "its profiles are not those of its channels"
            }
        }
        if let baselines {
            guard (1...Self.mostChannels).contains(baselines.count), baselines.allSatisfy(\.isPlausible),
                choice == (names.isEmpty ? .whole : .none)
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
