/// Silero's tensors, each matrix turned so that a row belongs to one input: [inputs, outputs].
struct SileroWeights {
    /// [256, 258]: the real parts' basis, then the imaginary parts'.
    let transform: Scratch
    let convolutions: [SileroConvolution]
    /// [128, 512]
    let inputGates: Scratch
    /// [128, 512]
    let hiddenGates: Scratch
    /// Both biases of the cell, [512].
    let gateBias: Scratch
    /// [128]
    let output: Scratch
    let outputBias: Float

    private static let expected: [(name: String, shape: [Int])] = [
        ("stft_conv.weight", [258, 1, 256]),
        ("conv1.weight", [128, 129, 3]), ("conv1.bias", [128]), ("conv2.weight", [64, 128, 3]), ("conv2.bias", [64]),
        ("conv3.weight", [64, 64, 3]), ("conv3.bias", [64]), ("conv4.weight", [128, 64, 3]), ("conv4.bias", [128]),
        ("lstm_cell.weight_ih", [512, 128]), ("lstm_cell.weight_hh", [512, 128]),
        ("lstm_cell.bias_ih", [512]), ("lstm_cell.bias_hh", [512]),
        ("final_conv.weight", [1, 128, 1]), ("final_conv.bias", [1]),
    ]

    init(path: String) throws(WeightsError) {
        let file = try SafetensorsFile(path: path)
        var tensors: [String: [Float]] = [:]
        for (name, shape) in Self.expected {
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
        func numbers(_ name: String) -> [Float] { tensors[name]! }
        func turned(_ name: String, inputs: Int) -> Scratch { Scratch(Self.turned(numbers(name), inputs: inputs)) }
        transform = turned("stft_conv.weight", inputs: SileroVAD.transform)
        convolutions = [(1, 129, 1), (2, 128, 2), (3, 64, 2), (4, 64, 1)].map { index, inputs, stride in
            SileroConvolution(numbers("conv\(index).weight"), numbers("conv\(index).bias"), inputs, stride)
        }
        inputGates = turned("lstm_cell.weight_ih", inputs: SileroVAD.units)
        hiddenGates = turned("lstm_cell.weight_hh", inputs: SileroVAD.units)
        gateBias = Scratch(zip(numbers("lstm_cell.bias_ih"), numbers("lstm_cell.bias_hh")).map { $0 + $1 })
        output = Scratch(numbers("final_conv.weight"))
        outputBias = numbers("final_conv.bias")[0]
    }

    /// [outputs, inputs] to [inputs, outputs].
    static func turned(_ numbers: [Float], inputs: Int) -> [Float] {
        let outputs = numbers.count / inputs
        var result = [Float](repeating: 0, count: numbers.count)
        for output in 0..<outputs {
            for input in 0..<inputs { result[input * outputs + output] = numbers[output * inputs + input] }
        }
        return result
    }
}

/// A convolution over time of width 3, one zero frame on either side, then ReLU; frames are rows.
struct SileroConvolution {
    /// [3, inputs, outputs]
    private let weight: Scratch
    private let bias: [Float]
    private let inputs: Int
    private let stride: Int

    /// - Parameter weight: [outputs, inputs, 3], PyTorch's order.
    init(_ weight: [Float], _ bias: [Float], _ inputs: Int, _ stride: Int) {
        // Per output, inputs and taps are one axis of 3 · inputs; it is turned, then its rows are put tap by tap.
        let turned = SileroWeights.turned(weight, inputs: 3 * inputs)
        let outputs = bias.count
        var ordered: [Float] = []
        for tap in 0..<3 {
            for input in 0..<inputs {
                let row = (input * 3 + tap) * outputs
                ordered += turned[row..<(row + outputs)]
            }
        }
        self.weight = Scratch(ordered)
        self.bias = bias
        self.inputs = inputs
        self.stride = stride
    }

    /// `input` [frames, inputs] to `output` [(frames - 1) / stride + 1, outputs].
    func apply(_ input: Scratch, _ frames: Int, to output: Scratch) {
        let outputs = bias.count
        for target in 0...((frames - 1) / stride) {
            let start = target * outputs
            for channel in 0..<outputs { output[start + channel] = bias[channel] }
            for tap in 0..<3 {
                let frame = target * stride + tap - 1
                guard frame >= 0, frame < frames else { continue }
                output.add(
                    input, frame * inputs, inputs, times: weight, columns: outputs, firstRow: tap * inputs, at: start)
            }
            for channel in 0..<outputs { output[start + channel] = max(output[start + channel], 0) }
        }
    }
}
