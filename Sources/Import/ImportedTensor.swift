import EmotionNetwork

/// One tensor to be written, with the source of its numbers.
struct ImportedTensor {
    enum Source {
        case plain(StridedTensor)
        /// Weight normalisation, [out, k, in] = direction · gain / norm with one gain for each of the k taps: `gains`
        /// is [1, k, 1], `directions` [out, k, in], and the norm is over the first and last dimension.
        case weightNorm(gains: StridedTensor, directions: StridedTensor)

        var shape: [Int] { main.shape }
        var type: ElementType { main.type }

        private var main: StridedTensor {
            switch self {
            case .plain(let tensor), .weightNorm(_, let tensor): tensor
            }
        }
    }

    let name: String
    let source: Source

    var shape: [Int] { source.shape }
    var count: Int { shape.reduce(1, *) }

    /// Appends the numbers as 32-bit floats to `writer`.
    ///
    /// - Throws: `malformed` where a number is not finite, or the writer's error.
    func write(to writer: SafetensorsWriter, source path: String) throws(WeightsError) {
        switch source {
        case .plain(let tensor):
            try unsafe tensor.forEachRun { (_, run) throws(WeightsError) in
                try unsafe append(run, to: writer, path)
            }
        case .weightNorm(let gains, let directions):
            let scales = try Self.scales(gains, directions)
            try unsafe directions.forEachRun { (outer, run) throws(WeightsError) in
                let scale = scales[outer[1]]
                for index in 0..<run.count { unsafe run[index] *= scale }
                try unsafe append(run, to: writer, path)
            }
        }
    }

    private func append(
        _ run: UnsafeMutableBufferPointer<Float>, to writer: SafetensorsWriter, _ path: String
    ) throws(WeightsError) {
        guard unsafe allFinite(UnsafeBufferPointer(run)) else {
            throw WeightsError(
                .malformed, file: path, problem: "the tensor \(quoted(name)) has numbers that are not finite",
                remedy: "use a checkpoint from a training run that did not diverge")
        }
        try unsafe writer.append(UnsafeRawBufferPointer(run))
    }

    /// gain / norm for each tap; squares are summed in double precision.
    private static func scales(_ gains: StridedTensor, _ directions: StridedTensor) throws(WeightsError) -> [Float] {
        var squares = [Double](repeating: 0, count: directions.shape[1])
        try unsafe directions.forEachRun { (outer, run) throws(WeightsError) in
            var sum = 0.0
            for index in 0..<run.count { unsafe sum += Double(run[index]) * Double(run[index]) }
            squares[outer[1]] += sum
        }
        var scales: [Float] = []
        try unsafe gains.forEachRun { (outer, run) throws(WeightsError) in
            // The shape is [1, k, 1], so each run is one gain. A zero norm gives an infinity, which `append` refuses.
            unsafe scales.append(run[0] / Float(squares[outer[1]].squareRoot()))
        }
        return scales
    }
}
