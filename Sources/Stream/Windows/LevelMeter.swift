/// The meters of the dashboard: present level, held peak, clipping, and the waveform of the last 3 s.
struct LevelMeter {
    /// Samples of one step of the meter, 30 ms.
    static let step = 480
    /// Steps kept as waveform, 3 s.
    static let history = 100
    /// Steps for which a peak is held and a clipped sample shown, 1.5 s.
    static let hold = 50
    /// An amplitude from which a sample counts as clipped (one 16-bit step under full scale).
    static let clip: Float = 32_766.0 / 32_768.0

    /// Root mean square of the last whole step, dBFS.
    private(set) var level = Level.floor
    /// Lowest and highest sample of each of the last steps, oldest first.
    private(set) var waveform: [ClosedRange<Float>] = []

    /// Samples of digital silence until now.
    private(set) var silent = 0
    /// An amplitude that counts as digital silence: half a step of 16 bits.
    static let zero: Float = 0.5 / 32_768

    private var energy = 0.0
    private var low: Float = 0
    private var high: Float = 0
    private var count = 0

    /// The highest amplitude of the last `hold` steps, dBFS.
    var peak: Float { Level.decibels(recentAmplitude) }

    /// Whether a sample of the last `hold` steps was clipped.
    var isClipping: Bool { recentAmplitude >= Self.clip }

    private var recentAmplitude: Float {
        waveform.suffix(Self.hold).reduce(0) { max($0, -$1.lowerBound, $1.upperBound) }
    }

    mutating func append(_ samples: ArraySlice<Float>) {
        for sample in samples {
            silent = abs(sample) <= Self.zero ? silent + 1 : 0
            energy += Double(sample) * Double(sample)
            low = min(low, sample)
            high = max(high, sample)
            count += 1
            if count == Self.step { closeStep() }
        }
    }

    /// Begins to count digital silence anew: what was lost is silent as well.
    mutating func forgetSilence() { silent = 0 }

    private mutating func closeStep() {
        level = Level.decibels(Float((energy / Double(count)).squareRoot()))
        if waveform.count == Self.history { waveform.removeFirst() }
        waveform.append(low...high)
        (energy, low, high, count) = (0, 0, 0, 0)
    }
}
