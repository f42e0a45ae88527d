/// The content of a file in emoscope's weights format, as plain values, which `emoscope weights info` prints.
public struct WeightsDescription: Sendable {
    public static let format = "emoscope-weights/1"
    public static let architecture = "ca-ser"
    /// The metadata's key for the digest of the data section, in hexadecimal.
    package static let digestKey = "sha256"

    /// The tensors of one part of the network.
    public struct Part: Sendable, Equatable {
        public let name: String
        public let tensors: Int
        public let parameters: Int
        public let bytes: Int
    }

    public let path: String
    /// The size of the file in bytes.
    public let byteCount: Int
    /// All metadata of the header, unchanged.
    public let metadata: [String: String]
    /// The kind of the encoder: `wav2vec2` or `whisper`.
    public let encoder: String
    /// The number of encoder blocks run; the output of the last is the representation unless `tapMix` says otherwise.
    public let tap: Int
    public let encoderHeads: Int
    /// The heads of the cross-attention; nil where the file has an encoder only.
    public let crossHeads: Int?
    /// The labels in the order of the logits; empty where the file has an encoder only.
    public let labels: [String]
    /// The blocks whose standardised outputs are mixed into the representation, counted from 1 and ascending, the last
    /// of them `tap`; empty where the representation is the output of block `tap`.
    public let tapMix: [Int]
    /// Consecutive frames that are averaged into one frame of the representation, before the tanh.
    public let tapPool: Int
    /// The block, 1 to `tap`, after which frames are averaged: later blocks run on the averages.
    public let tapPoolAfter: Int
    /// Whether a LayerNorm precedes the tanh.
    public let hasTapNorm: Bool
    /// MFCC frames averaged into one step of the BiLSTM.
    public let mfccPool: Int
    /// RMS in dB relative to full scale to which each clip is scaled; nil for no scaling.
    public let levelDBFS: Double?
    /// The probability below which no emotion should be named; 0 to always name one.
    public let unsure: Double
    /// The metadata's `offset_doubt` and `offset_usual`, a number a label; nil where the file names none.
    public let offset: (doubt: Double, usual: [Float])?
    public let provenance: String
    public let licence: String
    /// The SHA-256 of the data section that the metadata states, in hexadecimal; `verify` checks it.
    public let sha256: String
    /// The parts of the network: the encoder, then the head's parts in the order of computation.
    public let parts: [Part]
    /// The number of parameters of each element type that occurs, by its name, such as `F32`.
    public let elementTypes: [String: Int]

    public var hasHead: Bool { crossHeads != nil }
    public var tensorCount: Int { parts.reduce(0) { $0 + $1.tensors } }
    public var parameterCount: Int { parts.reduce(0) { $0 + $1.parameters } }

    /// Reads header and metadata only.
    ///
    /// - Throws: `unreadable`, `malformed` or `refused` as `SafetensorsFile` does; `mismatch` where the metadata is
    ///   not that of emoscope's format.
    public init(path: String) throws(WeightsError) {
        try self.init(SafetensorsFile(path: path))
    }

    init(_ file: SafetensorsFile) throws(WeightsError) {
        let metadata = WeightsMetadata(file)
        try metadata.checkFormat()
        encoder = try metadata.choice("encoder", ModelConfiguration.Encoder.allCases.map(\.rawValue))
        tap = try metadata.number("tap", in: 1...64)
        encoderHeads = try metadata.number("encoder_heads", in: 1...256)
        if encoder != ModelConfiguration.Encoder.whisper.rawValue { try metadata.checkHasNoWhisperKeys() }
        (tapPool, tapPoolAfter) = try metadata.pooling(tap: tap)
        tapMix = try metadata.mix(tap: tap)
        hasTapNorm = try metadata.choice("tap_norm", ["none", "layer"]) == "layer"
        mfccPool = try metadata.number("mfcc_pool", in: 1...64)
        levelDBFS = try metadata.level()
        unsure = try metadata.unsure()
        provenance = try metadata.text("provenance")
        licence = try metadata.text("licence")
        sha256 = try metadata.text(Self.digestKey)
        (crossHeads, labels) = try metadata.head()
        offset = try metadata.offset(labels: labels.count)
        self.metadata = file.metadata
        path = file.path
        byteCount = file.byteCount
        (parts, elementTypes) = Self.count(file)
    }

    private static let partNames: [(part: String, prefixes: [String])] = [
        ("encoder", ["wav2vec_encoder.", "encoder."]),
        ("tap projection", ["tap_mix", "tap_norm.", "wav2vec_ff."]),
        ("MFCC BiLSTM", ["mfcc_encoder."]),
        ("MFCC projection", ["mfcc_ff."]),
        ("feature encoder", ["mfcc_att."]),
        ("cross-attention", ["coatt."]),
        ("classifier", ["cls_head."]),
        ("other", [""]),
    ]

    private static func count(_ file: SafetensorsFile) -> ([Part], [String: Int]) {
        var sums: [String: (tensors: Int, parameters: Int, bytes: Int)] = [:]
        var types: [String: Int] = [:]
        for tensor in file.names.compactMap(file.tensor) {
            let part = partNames.first { $0.prefixes.contains { $0.isEmpty || tensor.name.hasPrefix($0) } }!.part
            var sum = sums[part] ?? (0, 0, 0)
            sum.tensors += 1
            sum.parameters += tensor.count
            sum.bytes += tensor.count * tensor.elementType.size
            sums[part] = sum
            types[tensor.elementType.rawValue, default: 0] += tensor.count
        }
        let parts = partNames.compactMap { name, _ in
            sums[name].map { Part(name: name, tensors: $0.tensors, parameters: $0.parameters, bytes: $0.bytes) }
        }
        return (parts, types)
    }
}
