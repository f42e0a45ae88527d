import EmotionCore

/// The values that one picture of the dashboard shows.
///
/// The caller creates one some ten to twenty times a second and passes it to ``Dashboard/draw(_:)``. Times are seconds
/// of stream time, counted from the first sample, unless stated otherwise. A value that does not exist yet is nil; the
/// dashboard shows a dash for it, never a zero. The members of ``Voice`` are members of the snapshot too, and stand for
/// those of the first voice.
@dynamicMemberLookup
package struct DashboardSnapshot: Sendable, Equatable {
    /// The microphone or the file.
    package var source = Source()
    /// The model's name in a few words, such as `whisper-base-caser`.
    package var modelName = ""
    /// One voice; several where the channels of a stereo source or the speakers on one microphone are recognised
    /// separately. There is at least one.
    package var voices = [Voice()]
    /// The user's markers, oldest first.
    package var markers: [Marker] = []
    /// The probability, 0…1, below which no emotion is named and the state is "unsure"; 0 always names one.
    package var unsureBelow = 0.0
    /// Latency, inference time and losses.
    package var performance = PerformanceStats()
    /// The stream time now: the right edge of the plot.
    package var streamTime = 0.0
    /// The state of the CSV log.
    package var recording = Recording.off
    /// The audio file that is being written, if any.
    package var audio: AudioFile?
    /// The microphones that can be heard, while one is chosen; nil otherwise.
    package var sources: [Microphone]?
    /// Whether the source has ended; the picture stays until the user quits.
    package var ended = false
    /// A notice or an error in one line, shown in place of the keys.
    package var message: String?

    package init() {}

    package subscript<Value>(dynamicMember member: WritableKeyPath<Voice, Value>) -> Value {
        get { voices[0][keyPath: member] }
        set { voices[0][keyPath: member] = newValue }
    }
}

extension DashboardSnapshot {
    /// One channel of the source, one of several speakers on a microphone, or everything that a microphone hears.
    package struct Voice: Sendable, Equatable {
        /// The title of the voice's lane; nil stands for "channel N".
        package var name: String?
        /// Seconds that this speaker has talked so far; nil where speakers are not told apart.
        package var talkTime: Double?
        /// Whether this speaker speaks now.
        package var isSpeaking = false
        /// The windows of the session so far, in ascending order of time.
        package var history: [Point] = []
        /// The state of the newest window.
        package var current = Current.warmingUp(fraction: 0)
        /// The newest window's probabilities as the network gave them.
        package var raw = EmotionScores()
        /// The newest window's probabilities after smoothing over time.
        package var smoothed = EmotionScores()
        /// What is known of how the voice sounds when it is neutral, in a few words such as "none".
        package var baseline = "none"
        /// The input's level and voice activity now. Speakers share a microphone: those of the first one are shown.
        package var levels = InputLevels()

        package init() {}
    }

    /// A microphone or a file.
    package struct Source: Sendable, Equatable {
        /// The readable name of the device or the file.
        package var name: String
        package var mode: Mode

        package init(name: String = "", mode: Mode = .live) {
            self.name = name
            self.mode = mode
        }
    }

    /// The kind of source, and the position in a file.
    package enum Mode: Sendable, Equatable {
        /// A microphone.
        case live
        /// A microphone that is disconnected; the session waits for it to come back.
        case away
        /// A file in real time. `position` and `length` are in seconds; `length` is nil if unknown.
        case replay(position: Double, length: Double?)
        /// A file as fast as the machine allows, with `position` and `length` in seconds.
        case fast(position: Double, length: Double?)
    }

    /// The outcome of one window.
    package enum Status: Sendable, Equatable {
        /// The window was scored.
        case ok
        /// The window holds too little speech, or speech of two speakers at once; no emotion is named.
        case silence
        /// The window holds speech of two at once; no emotion is named.
        case overlap
        /// The window has no scores for another reason: it was dropped, it failed, or a part of it was lost.
        case dropped
    }

    /// One window of the trajectory.
    package struct Point: Sendable, Equatable {
        /// The stream time of the window's middle, which the probabilities are about.
        package var time: Double
        package var status: Status
        /// The probabilities; they count only if `status` is ``Status/ok``.
        package var raw: EmotionScores
        package var smoothed: EmotionScores

        package init(
            time: Double, status: Status, raw: EmotionScores = EmotionScores(),
            smoothed: EmotionScores = EmotionScores()
        ) {
            self.time = time
            self.status = status
            self.raw = raw
            self.smoothed = smoothed
        }
    }

    /// A marker that the user set.
    package struct Marker: Sendable, Equatable {
        package var time: Double
        /// The text beside the marker; may be empty.
        package var note: String

        package init(time: Double, note: String = "") {
            self.time = time
            self.note = note
        }
    }

    /// The state of the newest window.
    package enum Current: Sendable, Equatable {
        /// The first window is not full yet; `fraction`, 0…1, of it has arrived.
        case warmingUp(fraction: Double)
        /// The window holds too little speech; no emotion is named.
        case silence
        /// The microphone has delivered nothing but zeros for seconds.
        case muted
        /// The window holds speech of two at once; no emotion is named.
        case overlap
        /// The window was scored; ``Voice/raw`` and ``Voice/smoothed`` are its probabilities.
        case speech
    }

    /// The input's level and voice activity now.
    package struct InputLevels: Sendable, Equatable {
        /// The level in dBFS (0 is full scale); minus infinity is digital silence, nil stands before the first samples.
        package var level: Double?
        /// The highest level of the last seconds, in dBFS.
        package var peakHold: Double?
        /// A word for what is wrong with the sound, where something must be done; nil where all is well.
        package var trouble: String?
        /// Whether a sample reached full scale recently.
        package var clipping = false
        /// The voice detector's probability now, 0…1.
        package var voice: Double?
        /// The share of the newest window that is speech, 0…1.
        package var speechShare: Double?
        /// The lowest and highest samples of about a hundred stretches of the last 3 s, oldest first.
        package var waveform: [Extent] = []

        package init() {}
    }

    /// The lowest and the highest sample of a short stretch, each −1…1.
    package struct Extent: Sendable, Equatable {
        package var low: Float
        package var high: Float

        package init(low: Float, high: Float) {
            self.low = low
            self.high = high
        }
    }

    /// Latency, inference time and losses.
    package struct PerformanceStats: Sendable, Equatable {
        /// The time from a window's end to its picture, in milliseconds.
        package var latency: Double?
        /// The last window's inference time, in milliseconds.
        package var inference: Double?
        /// Seconds of computing for a second of sound; above 1 inference cannot keep up.
        package var realTimeFactor: Double?
        package var windows = 0
        package var windowsDropped = 0
        /// Seconds of the stream that were lost before they were read.
        package var secondsLost = 0.0
        /// The number of times the sound card's buffer overran.
        package var overruns = 0
        /// The drift of the device's clock against the system's; nil while there are too few measurements.
        package var drift: Drift?

        package init() {}
    }

    /// The drift of one clock against another in parts per million, positive if it runs fast, and its standard error.
    package struct Drift: Sendable, Equatable {
        package var ppm: Double
        package var error: Double

        package init(ppm: Double, error: Double) {
            self.ppm = ppm
            self.error = error
        }
    }

    /// An audio file that is being written.
    package struct AudioFile: Sendable, Equatable {
        package var file: String
        package var bytes: Int

        package init(file: String, bytes: Int) {
            self.file = file
            self.bytes = bytes
        }
    }

    /// The state of the CSV log.
    package enum Recording: Sendable, Equatable {
        case off
        case on(file: String, rows: Int, bytes: Int)
        case paused(file: String, rows: Int, bytes: Int)
    }
}
