import EmotionCore

/// The baseline of each voice, learned from its first neutral clips, which are then no test of it.
///
///     let enrolment = Enrolment(readings, clips: 3)
///     enrolment.references.contains(0)                  // the first clip was a reference
package struct Enrolment: Equatable, Sendable {
    /// Indices of the readings that were a reference.
    package private(set) var references: Set<Int> = []
    private var baselines: [Voice: VoiceBaseline] = [:]

    /// Takes each voice's first clips that are labelled neutral.
    ///
    /// - Parameters:
    ///   - readings: In the order of the manifest.
    ///   - count: Reference clips of a voice, 0 or more; a voice with fewer neutral clips gives all of them.
    package init(_ readings: [ClipReading], clips count: Int) {
        var parts: [Voice: [VoiceBaseline]] = [:]
        for (index, reading) in readings.enumerated() where reading.clip.emotion == .neutral {
            let voice = Voice(of: reading.clip)
            guard parts[voice, default: []].count < count else { continue }
            parts[voice, default: []].append(VoiceBaseline(logits: reading.logits, seconds: reading.seconds))
            references.insert(index)
        }
        baselines = parts.compactMapValues { VoiceBaseline(mean: $0) }
    }

    /// The baseline of a clip's voice, the mean over its reference clips; nil where it has none.
    package func baseline(of clip: LabelledClip) -> VoiceBaseline? { baselines[Voice(of: clip)] }
}
