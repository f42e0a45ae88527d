import Glibc

/// A CA-SER network with weights mapped from a file; immutable, and shared by any number of engines on any threads.
///
///     let model = try EmotionModel(path: "Weights/emoscope.safetensors")
///     let engine = model.makeEngine()
///     let prediction = try engine.run(Clip.tile(samples))
///     print(prediction.label, prediction.probabilities[.happy])
public final class EmotionModel: Sendable {
    public let configuration: ModelConfiguration
    /// The metadata of the file, including provenance and licence.
    public let metadata: [String: String]
    let encoder: any SpeechEncoder
    let head: FusionHead?
    /// The arithmetic of the matrix products.
    public let precision: Precision
    /// The default number of threads of an engine, the caller's included.
    public let threads: Int
    /// The path of the file, as it was given.
    public let path: String

    /// Maps the file, checks every tensor's name, type and shape, and packs the weights for this processor.
    ///
    /// - Parameter precision: The arithmetic of the matrix products.
    /// - Parameter threads: The number of threads of each engine. The default is 1 for Whisper's encoder, which takes
    ///   so little time for a window that a second thread gains little, and all processors for wav2vec 2.0's, which
    ///   takes ten times as long.
    /// - Throws: `unreadable`, `malformed` or `refused` as `SafetensorsFile` does; `mismatch` that names all faults
    ///   where metadata or tensors do not fit a known network.
    public init(path: String, precision: Precision = .fp32, threads: Int? = nil) throws(WeightsError) {
        let file = try SafetensorsFile(path: path)
        let configuration = try ModelConfiguration(WeightsDescription(file))
        var reader = WeightReader(file, precision: precision)
        let heads = configuration.encoderHeads
        let encoder: any SpeechEncoder =
            switch configuration.encoder {
            case .wav2vec2: Wav2Vec2Encoder(&reader, tap: configuration.tap, heads: heads)
            case .whisper:
                WhisperEncoder(
                    &reader, tap: configuration.tap, mix: configuration.tapMix, pool: configuration.tapPool,
                    poolAfter: configuration.tapPoolAfter, heads: heads)
            }
        let tapWidth = encoder.width == 0 ? nil : encoder.width
        head = configuration.hasHead ? FusionHead(&reader, configuration: configuration, tapWidth: tapWidth) : nil
        try reader.finish()
        file.mapping.releasePages()
        self.encoder = encoder
        self.configuration = configuration
        self.path = path
        self.precision = precision
        self.threads = threads ?? (configuration.encoder == .whisper ? 1 : EmotionModel.processors)
        metadata = file.metadata
    }

    /// The number of processors that are online.
    public static var processors: Int { max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN))) }

    /// Whether the network has an emotion head; an encoder alone can only embed.
    public var hasHead: Bool { head != nil }

    /// The length of an embedding: d with a head, else the encoder's width.
    public var embeddingWidth: Int { head?.width ?? encoder.width }

    /// The fewest samples that `InferenceEngine` takes.
    public var minimumSamples: Int { max(encoder.minimumSamples, head?.minimumSamples ?? 1) }

    /// The most samples that `InferenceEngine` takes.
    public var maximumSamples: Int { encoder.maximumSamples }

    /// Creates an engine with its own scratch memory. Each thread that runs inferences needs its own engine.
    ///
    /// - Parameter threads: The number of threads of the engine, the caller's included; by default the model's
    ///   `threads`.
    public func makeEngine(threads: Int? = nil) -> sending InferenceEngine {
        InferenceEngine(model: self, threads: threads ?? self.threads)
    }
}
