/// A self-supervised speech encoder up to one middle block: CA-SER's first reading of the clip.
protocol SpeechEncoder: Sendable {
    /// Numbers in a frame of the representation; 0 only while its tensors are known to be faulty.
    var width: Int { get }
    /// The fewest samples that give a frame.
    var minimumSamples: Int { get }
    /// The most samples that one pass takes.
    var maximumSamples: Int { get }

    /// Frames of the representation, 50 a second or averages of these, that `samples` samples give.
    func frames(_ samples: Int) -> Int

    /// gain · wave [samples, 1] (not normalised) → output [frames, width].
    func encode(
        _ wave: Matrix, gain: Float, into output: MutableMatrix, with workspace: Workspace, observe: StageObserver)
}

/// What one engine computes with: scratch memory and the front ends, which have state of their own.
final class Workspace {
    let arena: Arena
    let mfcc = MFCC()
    private var logMel: LogMel?
    /// How many windows are remembered, and the samples between the starts of two that overlap.
    private var memory = (windows: 0, spacing: 0)

    init(threads: Int) { arena = Arena(pool: ThreadPool(threads: threads)) }

    /// From now on the front ends remember so many windows.
    func enableCache(windows: Int, spacing: Int) {
        memory = (windows, spacing)
        mfcc.enableCache(signals: windows, spacing: spacing)
        logMel?.enableCache(signals: windows, spacing: spacing)
    }

    /// Whisper's front end with that many bands; made when first asked for.
    func logMel(bands: Int) -> LogMel {
        if let logMel, logMel.bands == bands { return logMel }
        let made = LogMel(bands: bands)
        made.enableCache(signals: memory.windows, spacing: memory.spacing)
        logMel = made
        return made
    }
}
