import EmotionCore

/// The settings of a session as names and values, from the description beside its log. No path is among them, but the names
/// of files.
enum SessionFacts {
    static func of(_ sidecar: Sidecar) -> [(name: String, value: String)] {
        let settings = sidecar.settings
        var facts = [
            (
                "source",
                sidecar.source.map(fileName).joined(separator: ", ") + (sidecar.heard.map { ": \($0)" } ?? "")
            ),
            ("started", String(sidecar.started.prefix(19)).replacing("T", with: " ")),
            ("weights", fileName(sidecar.weights.file)), ("SHA-256", String(sidecar.weights.sha256.prefix(16)) + "…"),
            ("window, hop", "\(seconds(settings.windowSeconds)), \(seconds(settings.hopSeconds))"),
            ("smoothing", settings.smoothingSeconds > 0 ? seconds(settings.smoothingSeconds) : "none"),
            ("unsure below", settings.unsureBelow.fixed(2)),
            ("speech from", "\(settings.vadThreshold.fixed(2)); \(settings.minimumSpeech.fixed(2)) of a window"),
            ("voices", settings.splitChannels ? "two channels" : settings.speakers ?? "1"),
            ("baseline", baseline(settings)),
        ]
        if let audio = sidecar.audio { facts.append(("saved sound", fileName(audio))) }
        for warning in sidecar.warnings ?? [] { facts.append(("warning", warning)) }
        facts.append(("emoscope", "\(sidecar.emoscope), \(sidecar.kernels)"))
        return facts.map { (name: $0.0, value: $0.1) }
    }

    private static func baseline(_ settings: Sidecar.Settings) -> String {
        let names =
            settings.channelProfiles ?? settings.profile.map { [$0] } ?? settings.profiles?.map(\.name) ?? []
        return names.isEmpty ? settings.baseline ?? "none" : "profile " + names.joined(separator: ", ")
    }

    private static func seconds(_ value: Double) -> String { "\(value) s" }

    private static func fileName(_ path: String) -> String {
        FileName.last(of: path)
    }
}
