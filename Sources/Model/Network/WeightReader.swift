/// Reads the tensors of a network from a weights file, checks each shape against the expected one, and collects all
/// faults, so that one error can list them.
struct WeightReader {
    let file: SafetensorsFile
    /// The precision of the layers that are created.
    private(set) var precision: Precision
    private(set) var problems: [String] = []
    private var taken: Set<String> = []
    /// Bytes of the file that were read since its pages were last released.
    private var resident = 0
    /// Memory for tensors that cannot be used in place; views of them keep it alive.
    private let converted = Arena()

    /// The greatest dimension of a tensor, far above that of any network of this kind. It keeps a hostile file from
    /// requesting activations that exhaust memory.
    private static let greatestDimension = 1 << 13
    /// Bytes of the file that may be resident beside the weights packed from them.
    private static let mostResident = 32 << 20

    init(_ file: SafetensorsFile, precision: Precision) {
        self.file = file
        self.precision = precision
    }

    /// The shape of a tensor with `rank` dimensions, each in 1…`greatestDimension`; else nil, and `take` reports the
    /// fault.
    func shape(_ name: String, rank: Int) -> [Int]? {
        guard let shape = file.tensor(name)?.shape, shape.count == rank,
            shape.allSatisfy({ $0 > 0 && $0 <= WeightReader.greatestDimension })
        else { return nil }
        return shape
    }

    /// Reads a tensor as a matrix: the first dimension is the rows, the others are the columns; a vector is one row.
    ///
    /// - Parameter expected: The expected shape. A nil dimension may have any size: it could not be determined, which
    ///   is reported as a fault elsewhere.
    mutating func take(_ name: String, _ expected: Int?...) -> Matrix {
        taken.insert(name)
        guard let tensor = file.tensor(name) else {
            problems.append("tensor \(name) is missing; it should have the shape \(describe(expected))")
            return placeholder
        }
        let fits =
            tensor.shape.count == expected.count
            && zip(tensor.shape, expected).allSatisfy { $1 == nil || $0 == $1 }
            && tensor.shape.allSatisfy { $0 > 0 && $0 <= WeightReader.greatestDimension }
        guard fits else {
            problems.append("tensor \(name) has the shape \(tensor.shape), not \(describe(expected))")
            return placeholder
        }
        guard tensor.elementType.isFloatingPoint else {
            problems.append("tensor \(name) has elements of type \(tensor.elementType.rawValue), not F32 or F16")
            return placeholder
        }
        if resident > WeightReader.mostResident {
            file.mapping.releasePages()
            resident = 0
        }
        resident += tensor.count * tensor.elementType.size
        let rows = expected.count == 1 ? 1 : tensor.shape[0]
        let columns = tensor.count / rows
        if let numbers = unsafe tensor.float32, let base = numbers.baseAddress {
            return unsafe Matrix(base, rows: rows, columns: columns, stride: columns, owner: file)
        }
        // Large tensors get an arena of their own, which is freed once they are packed; only small ones are kept.
        let copy = (tensor.count > 1 << 14 ? Arena() : converted).matrix(rows, columns)
        unsafe copy.withPointer { unsafe tensor.copyFloats(into: $0) }
        return copy.view
    }

    /// Reads a convolution's kernel [outputs, taps, inputs] and the number of its taps, which is 1 for a faulty kernel.
    mutating func kernel(_ name: String, outputs: Int?, taps: Int?, inputs: Int?) -> (weight: Matrix, taps: Int) {
        let faults = problems.count
        let weight = take(name, outputs, taps, inputs)
        return (weight, problems.count == faults ? shape(name, rank: 3)?[1] ?? 1 : 1)
    }

    /// Reads an optional tensor; nil where the file lacks it.
    mutating func takeIfPresent(_ name: String, _ count: Int?) -> Matrix? {
        file.tensor(name) == nil ? nil : take(name, count)
    }

    /// Reads two vectors and returns a copy of their sum.
    mutating func takeSum(_ first: String, _ second: String, _ count: Int?) -> Matrix {
        let a = take(first, count)
        let b = take(second, count)
        guard problems.isEmpty else { return a }
        let sum = converted.matrix(1, a.columns)
        sum.copy(a)
        sum.add(b)
        return sum.view
    }

    mutating func linear(_ name: String, inputs: Int?, outputs: Int?) -> Linear {
        Linear(
            weight: take(name + ".weight", outputs, inputs), bias: take(name + ".bias", outputs),
            precision: precision)
    }

    /// Calls `read` with this reader set to single precision, whatever the precision of the other layers.
    mutating func inFP32<Layers>(_ read: (inout WeightReader) -> Layers) -> Layers {
        let before = precision
        precision = .fp32
        defer { precision = before }
        return read(&self)
    }

    mutating func layerNorm(_ name: String, width: Int?) -> LayerNorm {
        LayerNorm(gain: take(name + ".weight", width), bias: take(name + ".bias", width))
    }

    /// Records a fault that concerns more than one tensor.
    mutating func note(_ problem: String) { problems.append(problem) }

    /// Records a fault if `width` is not a multiple of `heads`.
    mutating func check(_ width: Int?, splitsInto heads: Int, _ what: String) {
        if let width, !width.isMultiple(of: heads) {
            note("\(what) of width \(width) does not split into \(heads) heads")
        }
    }

    /// Records a fault for each tensor that was not read, then throws if there was any fault.
    mutating func finish(
        remedy: String = "make a weights file with emoscope weights import from a whole checkpoint"
    ) throws(WeightsError) {
        for name in file.names where !taken.contains(name) {
            problems.append("tensor \(quoted(name)) is not part of the network")
        }
        guard !problems.isEmpty else { return }
        let shown = problems.prefix(100).joined(separator: "\n")
        let rest = problems.count > 100 ? "\nand \(problems.count - 100) more" : ""
        throw WeightsError(.mismatch, file: file.path, problem: shown + rest, remedy: remedy)
    }

    private func describe(_ shape: [Int?]) -> String {
        "[" + shape.map { $0.map(String.init) ?? "1…\(WeightReader.greatestDimension)" }.joined(separator: ", ") + "]"
    }

    /// A matrix of one number in place of a faulty tensor; `finish` throws before anything is computed with it.
    private var placeholder: Matrix { converted.matrix(1, 1).view }
}
