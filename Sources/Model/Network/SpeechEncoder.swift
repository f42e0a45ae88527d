/// A pretrained speech encoder up to an intermediate block: the first of CA-SER's two inputs.
protocol SpeechEncoder: Sendable {
    /// The width of a frame of the representation; 0 only if the tensors are known to be faulty.
    var width: Int { get }
    /// The fewest samples that give a frame.
    var minimumSamples: Int { get }
    /// The most samples that one pass takes.
    var maximumSamples: Int { get }

    /// The number of frames of the representation of `samples` samples: 50 a second, or fewer if frames are averaged.
    func frames(_ samples: Int) -> Int

    /// gain · wave [samples, 1], not normalised → output [frames, width].
    func encode(
        _ wave: Matrix, gain: Float, into output: MutableMatrix, with workspace: Workspace, observe: StageObserver)
}

/// The mutable state of one engine: scratch memory, threads, and the front ends with their caches.
final class Workspace {
    let arena: Arena
    let mfcc = MFCC()
    private var logMel: LogMel?
    /// The number of cached windows, and the samples between the starts of consecutive windows.
    private var memory = (windows: 0, spacing: 0)

    init(threads: Int) { arena = Arena(pool: ThreadPool(threads: threads)) }

    /// Makes the front ends cache the frames of the last `windows` windows; see `InferenceEngine.enableCache`.
    func enableCache(windows: Int, spacing: Int) {
        memory = (windows, spacing)
        mfcc.enableCache(signals: windows, spacing: spacing)
        logMel?.enableCache(signals: windows, spacing: spacing)
    }

    /// Whisper's front end with `bands` mel bands, created on first use.
    func logMel(bands: Int) -> LogMel {
        if let logMel, logMel.bands == bands { return logMel }
        let made = LogMel(bands: bands)
        made.enableCache(signals: memory.windows, spacing: memory.spacing)
        logMel = made
        return made
    }
}
