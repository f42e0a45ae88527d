@_exported import EmotionCore
import EmotionNetwork

@_exported import struct EmotionSoundFiles.RawFormat

/// A recognizer that computes emotion scores of recordings or samples with given weights.
///
///     let recognizer = try EmotionRecognizer()
///     let result = try recognizer.predict(file: "talk.wav")
///     if let scores = result.scores { print(scores.argmax, scores[.angry]) } else { print("nobody speaks") }
///
/// A recording in which nobody speaks is silence, and has no scores. Where it is mostly pause, only its speech is read.
/// Otherwise a recording is read whole. One under 3 s is repeated until it has 3 s, as in the authors' code. One of up to 13 s
/// takes one pass of the network. A longer one is read in consecutive pieces of 13 s, whose logits and representations
/// are averaged, weighted by length; a piece without speech is left out. Memory does not grow with the recording.
///
/// Any number of threads may share a recognizer. Calls for one recording or one array of samples run one at a time;
/// ``predict(files:baseline:)`` reads several files in parallel.
public final class EmotionRecognizer: Sendable {
    /// The arithmetic of the network's matrix products.
    public enum Precision: String, CaseIterable, Sendable {
        /// `int8` where the processor has AVX2 or better, else `fp32`.
        case automatic
        /// Single precision.
        case fp32
        /// 8 bits with 32-bit sums. It takes two thirds of the time, and changes probabilities by 0.001 to 0.003 on
        /// average.
        case int8
    }

    /// The path of the weights.
    public let weightsPath: String
    package let model: EmotionModel
    /// The number of threads given to `init`; nil for all processors.
    private let threads: Int?
    /// Whether a recording without speech is silence, and only the speech is read where a recording is mostly pause.
    public let usesVoiceActivity: Bool
    private let reader: Locked<RecordingReader?> = Locked(nil)

    /// Maps weights, checks every tensor in them, and packs them for this processor.
    ///
    /// - Parameters:
    ///   - weights: A file's path, or NAME for `emoscope-NAME.safetensors` beside the shipped weights, such as `open`;
    ///     nil for the shipped weights.
    ///   - precision: The arithmetic of matrix products.
    ///   - threads: The number of threads, 1…256; nil for all processors.
    ///   - usesVoiceActivity: Whether recordings and samples are read as a session reads them: an emotion is named only where
    ///     somebody speaks. Without, all of a recording is read, speech or not, as the paper's authors do. Sessions, which
    ///     have settings for it, use voice activity in either case.
    /// - Throws: ``RecognitionError`` of the kind `weights` where the file is not found, not readable, or not of this
    ///   network.
    public init(
        weights: String? = nil, precision: Precision = .automatic, threads: Int? = nil,
        usesVoiceActivity: Bool = true
    ) throws(RecognitionError) {
        precondition((1...256).contains(threads ?? 1), "1 to 256 threads work")
        weightsPath = try ShippedFiles.weights(weights)
        self.threads = threads
        self.usesVoiceActivity = usesVoiceActivity
        let arithmetic: EmotionNetwork.Precision =
            switch precision {
            case .automatic: .fastest
            case .fp32: .fp32
            case .int8: .int8
            }
        do {
            model = try EmotionModel(path: weightsPath, precision: arithmetic, threads: threads)
        } catch {
            throw RecognitionError(error)
        }
    }

    /// Whether the weights have an emotion head; those without one give a ``representation(file:)`` only.
    public var hasHead: Bool { model.hasHead }

    /// The length of a representation.
    public var representationWidth: Int { model.embeddingWidth }

    /// The path of the voice activity detector's weights; if they are not found, the path beside the program.
    package var voiceActivityPath: String {
        do {
            return try ShippedFiles.path(of: ShippedFiles.voiceActivity)
        } catch {
            return ShippedFiles.besideProgram(ShippedFiles.voiceActivity)
        }
    }

    /// Names the emotion of a recording: WAV, FLAC, Ogg Vorbis, Opus, MP3 or another format of libsndfile, of any rate
    /// and number of channels, which are averaged.
    ///
    /// - Parameters:
    ///   - path: The recording.
    ///   - baseline: How its voice sounds when it is neutral, see ``baseline(file:)``; nil for unknown.
    /// - Returns: The scores, or silence. What was wrong with the file, and what was done about it, is in its `warnings`;
    ///   they say where a file breaks off.
    /// - Throws: ``RecognitionError`` of the kind `recording` where nothing of the file can be read or it contains no sound,
    ///   `weights` where the weights have no head or the voice activity detector is missing.
    public func predict(
        file path: String, baseline: VoiceBaseline? = nil
    ) throws(RecognitionError) -> RecognitionResult {
        try read(path, baseline) { path, take in try RecordingReader.pieces(of: path, take) }
    }

    /// Names the emotion of samples.
    ///
    /// - Parameters:
    ///   - samples: One channel, full scale ±1, of any length. Samples in the scale of integers are scaled, with a warning.
    ///   - sampleRate: The rate in Hz, 1,000…768,000; a rate other than 16,000 is converted by libsamplerate.
    ///   - baseline: How the voice sounds when it is neutral; nil for unknown.
    /// - Throws: ``RecognitionError`` of the kind `samples` where there are none, one is not finite, or the rate is out
    ///   of range; `weights` where the weights have no head.
    public func predict(
        samples: [Float], sampleRate: Int = AudioFormat.sampleRate, baseline: VoiceBaseline? = nil
    ) throws(RecognitionError) -> RecognitionResult {
        let (converted, warnings) = try SampleConversion.convert(samples, from: sampleRate)
        return try read(converted, baseline) { samples, take in
            RecordingReader.pieces(of: samples, take)
            return warnings
        }
    }

    /// Computes the representation of a recording; the weights need no head.
    ///
    /// - Throws: ``RecognitionError`` of the kind `recording` where nothing of the file can be read or it contains no sound.
    public func representation(file path: String) throws(RecognitionError) -> RecordingRepresentation {
        try withReader { reader in try reader.representation { try RecordingReader.pieces(of: path, $0) } }
    }

    /// Computes the representation of samples; the weights need no head.
    ///
    /// - Parameters: As for ``predict(samples:sampleRate:baseline:)``.
    /// - Throws: ``RecognitionError`` of the kind `samples`.
    public func representation(
        samples: [Float], sampleRate: Int = AudioFormat.sampleRate
    ) throws(RecognitionError) -> RecordingRepresentation {
        let (converted, warnings) = try SampleConversion.convert(samples, from: sampleRate)
        return try withReader { reader in
            try reader.representation { take in
                try RecordingReader.pieces(of: converted, take)
                return warnings
            }
        }
    }

    private func read<Recording: Sendable>(
        _ recording: Recording, _ baseline: VoiceBaseline?,
        pieces: @Sendable (Recording, _ take: ([Float]) -> Void) throws -> [SoundWarning]
    ) throws(RecognitionError) -> RecognitionResult {
        try withReader { reader in try reader.read([recording], baseline: baseline, pieces: pieces)[0].get() }
    }

    /// Calls `body` with the reader that all callers share; calls run one at a time.
    private func withReader<Result: Sendable>(
        _ body: @Sendable (RecordingReader) throws -> Result
    ) throws(RecognitionError) -> Result {
        do {
            return try reader.withLock { reader in
                let shared = reader ?? makeReader(among: 1)
                reader = shared
                return try body(shared)
            }
        } catch {
            throw RecognitionError(error)
        }
    }

    // MARK: Several recordings

    /// The number of threads that read `recordings` recordings in parallel.
    func workers(_ recordings: Int) -> Int { max(1, min(recordings, threads ?? EmotionModel.processors)) }

    /// Creates a reader for one of `workers` threads, with its share of the processors.
    func makeReader(among workers: Int) -> RecordingReader {
        RecordingReader(engine: makeEngine(among: workers), usesVoiceActivity: usesVoiceActivity)
    }

    /// An engine for one of so many threads, which share the processors.
    func makeEngine(among workers: Int) -> InferenceEngine {
        model.makeEngine(threads: max(1, (threads ?? EmotionModel.processors) / workers))
    }
}
