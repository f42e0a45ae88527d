import EmotionCore
import EmotionNetwork
import EmotionStream

/// Finds the speech of a recording, piece by piece, and says what of each piece the network reads.
///
/// A piece is read where a session would show an emotion somewhere: at least a tenth of some 3 s is speech. It is read whole
/// where at least `wholeFrom` of it is speech; its speech alone where most is pause. Memory does not grow with the
/// recording. One thread at a time uses a finder.
final class RecordingSpeech {
    /// The share of speech from which a piece is read whole: pauses are part of how people talk, and the network was trained
    /// on them (decision 018).
    static let wholeFrom: Float = 0.3

    private let settings = SessionSettings()
    private let detector: Locked<SileroVAD>
    private var track: SpeechTrack
    /// Samples so far.
    private var position = 0

    /// - Throws: `weights` where the voice activity detector is not found or damaged.
    init() throws(RecognitionError) {
        do {
            let detector = Locked(try SileroVAD(path: ShippedFiles.path(of: ShippedFiles.voiceActivity)))
            self.detector = detector
            track = Self.track(settings, detector)
        } catch {
            throw RecognitionError(error)
        }
    }

    /// Begins another recording.
    func begin() {
        detector.withLock { $0.reset() }
        track = Self.track(settings, detector)
        position = 0
    }

    /// The share of speech, 0…1, in the recording so far.
    var share: Double { position == 0 ? 0 : Double(track.spokenSamples) / Double(position) }

    /// Reads the next piece of the recording: 16 kHz samples, at most 13 s.
    ///
    /// - Returns: The samples for the network; none where the piece is a pause.
    func read(_ piece: [Float]) -> [Float] {
        track.append(piece[...])
        let range = position..<position + piece.count
        position = range.upperBound
        guard holdsSpeech(range) else { return [] }
        guard track.share(from: range.lowerBound, to: range.upperBound) < Self.wholeFrom else { return piece }
        let spoken = track.ranges(from: range.lowerBound, to: range.upperBound).map { stretch in
            stretch.lowerBound - range.lowerBound..<stretch.upperBound - range.lowerBound
        }
        return SilenceRemover.padded(spoken, within: piece.indices).flatMap { piece[$0] }
    }

    /// Whether a session would hear speech in some window of a stretch. At the end of a long recording, a stretch shorter
    /// than a window counts as one with quiet before it.
    private func holdsSpeech(_ range: Range<Int>) -> Bool {
        let window = AudioFormat.samples(SessionSettings.window)
        let last = max(range.lowerBound, range.upperBound - window)
        let starts = stride(from: range.lowerBound, to: last, by: SileroVAD.chunkSize)
        return (Array(starts) + [last]).contains { start in
            let end = min(start + window, range.upperBound)
            let length = range.lowerBound > 0 ? window : end - start
            let share = track.share(from: start, to: end) * Float(end - start) / Float(length)
            return share > 0 && share >= Float(settings.minimumSpeech)
        }
    }

    private static func track(_ settings: SessionSettings, _ detector: Locked<SileroVAD>) -> SpeechTrack {
        SpeechTrack(
            chunk: SileroVAD.chunkSize, threshold: settings.speechThreshold, origin: 0,
            history: Clip.maximumSamples
        ) { chunk in detector.withLock { $0.probability(of: chunk.span) } }
    }
}
