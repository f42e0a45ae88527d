import EmotionCore

/// Everything one picture of the dashboard shows, as plain values: the executable makes one some ten to twenty times a
/// second and hands it to ``Dashboard/draw(_:)``. Times are seconds of the stream (from its first sample) unless named
/// otherwise. What can be said of a voice can be said of the snapshot, and is then about the first, mostly the only one.
/// Values that do not exist yet are `nil`; the layout shows them as a dash and never as a zero.
@dynamicMemberLookup
public struct DashboardSnapshot: Sendable, Equatable {
    /// Where the sound comes from.
    public var source = Source()
    /// A few words that name the model, for instance `whisper-base-caser`.
    public var modelName = ""
    /// One, or two where a stereo source's channels are heard apart.
    public var voices = [Voice()]
    /// Marks the user set, oldest first.
    public var markers: [Marker] = []
    /// Probability, 0…1, below which the likeliest emotion is not named: the state is "unsure" instead. 0 for never.
    public var unsureBelow = 0.0
    /// How the program keeps up.
    public var performance = PerformanceStats()
    /// Stream time now, in seconds: the right edge of the plot.
    public var streamTime = 0.0
    /// Wall-clock seconds since the start.
    public var elapsed = 0.0
    /// The CSV being written.
    public var recording = Recording.off
    /// Name of the audio file being written, if any.
    public var audioFile: String?
    /// The source is at its end; the picture stays until the user quits.
    public var ended = false
    /// A notice or an error to show for a while, in one line.
    public var message: String?

    public init() {}

    public subscript<Value>(dynamicMember member: WritableKeyPath<Voice, Value>) -> Value {
        get { voices[0][keyPath: member] }
        set { voices[0][keyPath: member] = newValue }
    }
}

extension DashboardSnapshot {
    /// One speaker, or all that a microphone hears.
    public struct Voice: Sendable, Equatable {
        /// Scored windows, oldest first, times ascending; as much past as the widest zoom shows (600 s) is enough.
        public var history: [Point] = []
        /// What the newest window holds.
        public var current = Current.warmingUp(fraction: 0)
        /// The newest window's probabilities as the network gave them.
        public var raw = EmotionScores()
        /// The same after smoothing over time.
        public var smoothed = EmotionScores()
        /// Levels and voice in the room now.
        public var levels = InputLevels()

        public init() {}
    }

    /// Where the sound comes from.
    public struct Source: Sendable, Equatable {
        /// The device's or the file's name as a person knows it.
        public var name: String
        public var mode: Mode

        public init(name: String = "", mode: Mode = .live) {
            self.name = name
            self.mode = mode
        }
    }

    /// How the source is played.
    public enum Mode: Sendable, Equatable {
        /// A microphone.
        case live
        /// A microphone that went away and is waited for.
        case away
        /// A file at the pace of time; `length` in seconds, where it is known.
        case replay(position: Double, length: Double?)
        /// A file as fast as the machine goes.
        case fast(position: Double, length: Double?)
    }

    /// What became of one window.
    public enum Status: Sendable, Equatable {
        /// Scored.
        case ok
        /// Too little speech in it: no emotion is claimed.
        case silence
        /// Skipped, since inference was behind.
        case dropped
    }

    /// One window of the trajectory.
    public struct Point: Sendable, Equatable {
        /// The window's end.
        public var time: Double
        public var status: Status
        /// Read only where `status` is ``Status/ok``.
        public var raw: EmotionScores
        public var smoothed: EmotionScores

        public init(
            time: Double, status: Status, raw: EmotionScores = EmotionScores(),
            smoothed: EmotionScores = EmotionScores()
        ) {
            self.time = time
            self.status = status
            self.raw = raw
            self.smoothed = smoothed
        }
    }

    /// A mark the user set.
    public struct Marker: Sendable, Equatable {
        public var time: Double
        /// May be empty.
        public var note: String

        public init(time: Double, note: String = "") {
            self.time = time
            self.note = note
        }
    }

    /// What the newest window holds.
    public enum Current: Sendable, Equatable {
        /// Not one full window yet; `fraction` 0…1 of it is there.
        case warmingUp(fraction: Double)
        /// Not enough speech: a state of its own, no emotion.
        case silence
        /// Scored: ``Voice/raw`` and ``Voice/smoothed`` hold.
        case speech
    }

    /// The sound in the room now.
    public struct InputLevels: Sendable, Equatable {
        /// Level now in dBFS (0 is full scale), `nil` before the first samples; minus infinity is digital silence.
        public var level: Double?
        /// The highest level of the last second or two, in dBFS.
        public var peakHold: Double?
        /// A sample reached full scale recently.
        public var clipping = false
        /// The voice detector's probability now, 0…1.
        public var voice: Double?
        /// Part of the newest window that is speech, 0…1.
        public var speechShare: Double?
        /// The last second or so, oldest first, about a hundred lowest and highest values.
        public var waveform: [Extent] = []

        public init() {}
    }

    /// Lowest and highest sample of a short stretch, each −1…1.
    public struct Extent: Sendable, Equatable {
        public var low: Float
        public var high: Float

        public init(low: Float, high: Float) {
            self.low = low
            self.high = high
        }
    }

    /// How the program keeps up with the sound.
    public struct PerformanceStats: Sendable, Equatable {
        /// From a window's end to its picture, in milliseconds.
        public var latency: Double?
        /// The last window's inference, in milliseconds.
        public var inference: Double?
        /// Seconds of computing for a second of sound; above 1 it cannot keep up.
        public var realTimeFactor: Double?
        public var windows = 0
        public var windowsDropped = 0
        public var secondsDropped = 0.0
        /// Times the sound card's buffer ran over.
        public var overruns = 0
        /// How much faster the device's clock runs than the system's; nil while too little was heard to tell.
        public var drift: Drift?

        public init() {}
    }

    /// A clock against another, in parts per million, with the standard error.
    public struct Drift: Sendable, Equatable {
        public var ppm: Double
        public var error: Double

        public init(ppm: Double, error: Double) {
            self.ppm = ppm
            self.error = error
        }
    }

    /// The CSV being written.
    public enum Recording: Sendable, Equatable {
        case off
        case on(file: String, rows: Int, bytes: Int)
        case paused(file: String, rows: Int, bytes: Int)
    }
}
