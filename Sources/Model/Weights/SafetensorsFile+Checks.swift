/// Checks of the numbers of a whole file.
extension SafetensorsFile {
    /// Checks that the data section has the SHA-256 that the metadata states.
    ///
    /// - Throws: `mismatch` where the metadata states none, `malformed` where it is another.
    func checkDigest(remedy: String) throws(WeightsError) {
        let stated = try WeightsMetadata(self, remedy: remedy).text(WeightsDescription.digestKey)
        let data = unsafe UnsafeRawBufferPointer(rebasing: mapping.bytes[dataOffset...])
        let digest = unsafe SHA256.hex(of: data)
        guard digest == stated else {
            throw WeightsError(
                .malformed, file: path,
                problem: "its data has the checksum \(digest), not \(quoted(stated)) as it states", remedy: remedy)
        }
    }

    /// Checks that the elements of all tensors are finite floating-point numbers.
    ///
    /// - Throws: `malformed` where one is not.
    func checkIsFinite(remedy: String) throws(WeightsError) {
        for tensor in names.compactMap(tensor) {
            guard let numbers = tensor.floats(), unsafe numbers.withUnsafeBufferPointer({ unsafe allFinite($0) }) else {
                throw WeightsError(
                    .malformed, file: path,
                    problem: "the tensor \(quoted(tensor.name)) has numbers that are not finite", remedy: remedy)
            }
        }
    }
}
