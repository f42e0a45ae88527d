import EmotionCore

/// What is wrong with the sound of a channel, where something must be done about it.
package enum InputTrouble: String, Equatable, Sendable {
    /// Samples at full scale.
    case clipping = "CLIP"
    /// Speech that is so quiet that the next quieter sentence will pass for silence.
    case faint = "FAINT"
    /// No sample but zero for a while, as of a muted microphone.
    case muted = "MUTED?"
    /// The two channels of a split source carry the same sound.
    case same = "L = R"
    /// The two channels are the same sound, one of them inverted.
    case inverted = "L = -R"

    /// Seconds of digital silence after which a microphone may be muted.
    package static let mutedAfter = 10.0
    /// The greatest peak of digital silence, dBFS.
    package static let zero = Level.decibels(LevelMeter.zero)
    /// The least peak of clipped sound, dBFS.
    package static let fullScale = Level.decibels(LevelMeter.clip)
    /// The level of a window with speech, dBFS, below which it is faint. The voice activity detector needs −57.
    package static let faintBelow: Float = -50

    /// A sentence that says what to do.
    package var advice: String {
        switch self {
        case .clipping: "the sound is clipped: lower the microphone's level (alsamixer, F4)"
        case .same: "both channels carry the same sound: is it mono?"
        case .inverted: "one channel is the other one inverted: is a wire of the cable reversed?"
        case .faint: "the voice is faint: raise the microphone's level (alsamixer, F4), or come nearer"
        case .muted:
            "no sound at all for \(Self.mutedAfter.fixed(0)) s: is the microphone muted? (alsamixer, F4; emoscope doctor)"
        }
    }
}

extension ChannelSnapshot {
    /// What is wrong with the sound now; nil where all is well.
    package var trouble: InputTrouble? {
        if silentTime >= InputTrouble.mutedAfter { return .muted }
        if isClipping { return .clipping }
        if let row = lastWindow, row.status == .ok, let level = row.level, level < InputTrouble.faintBelow {
            return .faint
        }
        return nil
    }
}
