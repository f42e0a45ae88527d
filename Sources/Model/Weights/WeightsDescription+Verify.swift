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
        func fail(_ kind: WeightsError.Kind, _ problem: String) -> WeightsError {
            WeightsError(kind, file: path, problem: problem, remedy: "import or download it again")
        }
        let data = unsafe UnsafeRawBufferPointer(rebasing: file.mapping.bytes[file.dataOffset...])
        let digest = unsafe SHA256.hex(of: data)
        guard digest == description.sha256 else {
            throw fail(
                .malformed, "its data has the checksum \(digest), not \(quoted(description.sha256)) as it states")
        }
        let complaints = description.complaints(file)
        guard complaints.isEmpty else { throw fail(.mismatch, Architecture.message(complaints)) }
        for tensor in file.names.compactMap(file.tensor) {
            guard let numbers = tensor.floats(), unsafe numbers.withUnsafeBufferPointer({ unsafe allFinite($0) }) else {
                throw fail(.malformed, "the tensor \(quoted(tensor.name)) has numbers that are not finite")
            }
        }
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
