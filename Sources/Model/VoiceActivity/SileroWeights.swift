/// The layers of Silero VAD, created from the tensors of its file.
struct SileroWeights {
    /// The short-time Fourier transform as a convolution; its outputs are the real parts, then the imaginary parts.
    let transform: Convolution
    let convolutions: [Convolution]
    let lstm: LSTMDirection
    let output: Linear

    private static let expected: [(name: String, shape: [Int])] = [
        ("stft_conv.weight", [258, 1, 256]),
        ("conv1.weight", [128, 129, 3]), ("conv1.bias", [128]), ("conv2.weight", [64, 128, 3]), ("conv2.bias", [64]),
        ("conv3.weight", [64, 64, 3]), ("conv3.bias", [64]), ("conv4.weight", [128, 64, 3]), ("conv4.bias", [128]),
        ("lstm_cell.weight_ih", [512, 128]), ("lstm_cell.weight_hh", [512, 128]),
        ("lstm_cell.bias_ih", [512]), ("lstm_cell.bias_hh", [512]),
        ("final_conv.weight", [1, 128, 1]), ("final_conv.bias", [1]),
    ]

    /// Reads the file at `path`.
    ///
    /// - Throws: As `SafetensorsFile`; `mismatch` where a tensor is missing, has another shape or is not finite.
    init(path: String) throws(WeightsError) {
        let tensors = try Self.read(path)
        // Layers copy their weights, so the arena may be freed.
        let arena = Arena()
        func matrix(_ name: String, rows: Int) -> Matrix { Self.matrix(tensors[name]!, rows: rows, in: arena) }
        transform = Convolution(
            weight: matrix("stft_conv.weight", rows: 2 * SileroVAD.bins), bias: nil, taps: SileroVAD.transform,
            stride: SileroVAD.hop)
        convolutions = [(1, 129, 1), (2, 128, 2), (3, 64, 2), (4, 64, 1)].map { number, inputs, stride in
            let bias = matrix("conv\(number).bias", rows: 1)
            let weight = Self.timeMajor(tensors["conv\(number).weight"]!, inputs: inputs, taps: 3)
            return Convolution(
                weight: Self.matrix(weight, rows: bias.columns, in: arena), bias: bias, taps: 3, stride: stride)
        }
        let biases = zip(tensors["lstm_cell.bias_ih"]!, tensors["lstm_cell.bias_hh"]!).map { $0 + $1 }
        lstm = LSTMDirection(
            inputWeight: matrix("lstm_cell.weight_ih", rows: 4 * SileroVAD.units),
            recurrentWeight: matrix("lstm_cell.weight_hh", rows: 4 * SileroVAD.units),
            bias: Self.matrix(biases, rows: 1, in: arena), backward: false)
        output = Linear(weight: matrix("final_conv.weight", rows: 1), bias: matrix("final_conv.bias", rows: 1))
    }

    /// Reads and checks the tensors, by name.
    private static func read(_ path: String) throws(WeightsError) -> [String: [Float]] {
        let file = try SafetensorsFile(path: path)
        var tensors: [String: [Float]] = [:]
        for (name, shape) in expected {
            guard let tensor = file.tensor(name), tensor.shape == shape, let numbers = tensor.floats(),
                unsafe numbers.withUnsafeBufferPointer({ unsafe allFinite($0) })
            else {
                let found = file.tensor(name).map { "\($0.elementType.rawValue) \($0.shape)" } ?? "missing"
                throw WeightsError(
                    .mismatch, file: path,
                    problem: "the tensor '\(name)' should be finite numbers of shape \(shape), but is \(found)",
                    remedy: "use the silero_vad_16k.safetensors of silero-vad 6")
            }
            tensors[name] = numbers
        }
        return tensors
    }

    private static func matrix(_ numbers: [Float], rows: Int, in arena: Arena) -> Matrix {
        let matrix = arena.matrix(rows, numbers.count / rows)
        for row in 0..<rows {
            for column in 0..<matrix.columns { matrix[row, column] = numbers[row * matrix.columns + column] }
        }
        return matrix.view
    }

    /// Reorders a kernel from [outputs, inputs, taps], PyTorch's order, to [outputs, taps, inputs].
    private static func timeMajor(_ numbers: [Float], inputs: Int, taps: Int) -> [Float] {
        var result = [Float](repeating: 0, count: numbers.count)
        for output in 0..<(numbers.count / (inputs * taps)) {
            for input in 0..<inputs {
                for tap in 0..<taps {
                    result[(output * taps + tap) * inputs + input] = numbers[(output * inputs + input) * taps + tap]
                }
            }
        }
        return result
    }
}
