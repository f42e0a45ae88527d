extension WeightsDescription {
    /// Reads the whole file, and checks its digest and its tensors: all of the architecture's and no others, each of
    /// the right shape, floating-point and finite.
    ///
    /// - Returns: The description of the file.
    /// - Throws: As `init(path:)`; `malformed` where the digest is wrong or a number is not finite; `mismatch` that
    ///   names each missing, extra or misshapen tensor.
    public static func verify(path: String) throws(WeightsError) -> WeightsDescription {
        let file = try SafetensorsFile(path: path)
        let description = try WeightsDescription(file)
        let remedy = "import or download it again"
        try file.checkDigest(remedy: remedy)
        let complaints = description.complaints(file)
        guard complaints.isEmpty else {
            throw WeightsError(.mismatch, file: path, problem: Architecture.message(complaints), remedy: remedy)
        }
        try file.checkIsFinite(remedy: remedy)
        return description
    }

    private func complaints(_ file: SafetensorsFile) -> [String] {
        let tensors = file.names.compactMap(file.tensor)
        let shapes = Dictionary(uniqueKeysWithValues: tensors.map { ($0.name, $0.shape) })
        let sizes: [Architecture.EncoderSizes]
        let encoders: [[Architecture.Tensor]]
        if encoder == ModelConfiguration.Encoder.whisper.rawValue {
            sizes = [Architecture.whisperSizes(shapes)]
            encoders = sizes.map { Architecture.whisper($0, tap: tap) + Architecture.tapMix(tapMix.count) }
        } else {
            sizes = [Architecture.wav2vecSizes(shapes), Architecture.EncoderSizes()]
            encoders = sizes.map { Architecture.wav2vec($0, tap: tap) }
        }
        var head: [Architecture.Tensor] = []
        var complaints: [String] = []
        if let crossHeads {
            var headSizes = Architecture.headSizes(shapes, width: sizes[0].width, tapNorm: hasTapNorm)
            headSizes.labels = labels.count
            head = Architecture.head(headSizes)
            if !headSizes.inner.isMultiple(of: crossHeads) {
                complaints.append("\(crossHeads) heads do not divide the cross-attention's width \(headSizes.inner)")
            }
        }
        if !sizes[0].width.isMultiple(of: encoderHeads) {
            complaints.append("\(encoderHeads) heads do not divide the encoder's width \(sizes[0].width)")
        }
        for tensor in tensors where !tensor.elementType.isFloatingPoint {
            complaints.append("\(quoted(tensor.name)) has elements of type \(tensor.elementType.rawValue)")
        }
        return complaints + Architecture.best(shapes, encoders.map { $0 + head }).complaints
    }
}
