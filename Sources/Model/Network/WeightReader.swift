/// Takes the tensors of a network out of a weights file, checks each shape against what the others say, and remembers
/// every fault, so that one error can name them all.
struct WeightReader {
    let file: SafetensorsFile
    /// What layers are made in.
    private(set) var precision: Precision
    private(set) var problems: [String] = []
    private var taken: Set<String> = []
    /// Bytes of the file that were read since its pages were let go.
    private var resident = 0
    /// Where tensors go that cannot be used in place; the views of them keep it alive.
    private let converted = Arena()

    /// No dimension of any network of this kind comes near this. It keeps a hostile file from asking for activations
    /// that fill the memory.
    private static let greatestDimension = 1 << 13
    /// Bytes of the file that may be in memory beside what is packed from them.
    private static let mostResident = 32 << 20

    init(_ file: SafetensorsFile, precision: Precision) {
        self.file = file
        self.precision = precision
    }

    /// The tensor's shape if it has `rank` dimensions, all of sensible size; else nil (and `take` says why).
    func shape(_ name: String, rank: Int) -> [Int]? {
        guard let shape = file.tensor(name)?.shape, shape.count == rank,
            shape.allSatisfy({ $0 > 0 && $0 <= WeightReader.greatestDimension })
        else { return nil }
        return shape
    }

    /// The tensor as a matrix: its first dimension by the others; a vector is one row. A dimension given as nil may be
    /// anything, for its size is unknown (a fault that is named elsewhere).
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
        // Weights of a product are packed and then done with; what stays is small.
        let copy = (tensor.count > 1 << 14 ? Arena() : converted).matrix(rows, columns)
        unsafe copy.withPointer { unsafe tensor.copyFloats(into: $0) }
        return copy.view
    }

    /// A convolution's kernel [outputs, taps, inputs] and its taps; 1 tap where it is faulty.
    mutating func kernel(_ name: String, outputs: Int?, taps: Int?, inputs: Int?) -> (weight: Matrix, taps: Int) {
        let faults = problems.count
        let weight = take(name, outputs, taps, inputs)
        return (weight, problems.count == faults ? shape(name, rank: 3)?[1] ?? 1 : 1)
    }

    /// The tensor, or nil where the file lacks it and may.
    mutating func takeIfPresent(_ name: String, _ count: Int?) -> Matrix? {
        file.tensor(name) == nil ? nil : take(name, count)
    }

    /// The sum of two vectors, copied.
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

    /// What `read` makes is in single precision, whatever the rest is in.
    mutating func inFP32<Layers>(_ read: (inout WeightReader) -> Layers) -> Layers {
        let before = precision
        precision = .fp32
        defer { precision = before }
        return read(&self)
    }

    mutating func layerNorm(_ name: String, width: Int?) -> LayerNorm {
        LayerNorm(gain: take(name + ".weight", width), bias: take(name + ".bias", width))
    }

    /// Notes a fault that no single tensor shows.
    mutating func note(_ problem: String) { problems.append(problem) }

    /// Checks that `width` splits into `heads`.
    mutating func check(_ width: Int?, splitsInto heads: Int, _ what: String) {
        if let width, !width.isMultiple(of: heads) {
            note("\(what) of width \(width) does not split into \(heads) heads")
        }
    }

    /// Names the tensors that nothing took, then throws if there was any fault.
    mutating func finish() throws(WeightsError) {
        for name in file.names where !taken.contains(name) {
            problems.append("tensor \(quoted(name)) is not part of the network")
        }
        guard !problems.isEmpty else { return }
        let shown = problems.prefix(100).joined(separator: "\n")
        let rest = problems.count > 100 ? "\nand \(problems.count - 100) more" : ""
        throw WeightsError(
            .mismatch, file: file.path, problem: shown + rest,
            remedy: "make a weights file with emoscope weights import from a whole checkpoint")
    }

    private func describe(_ shape: [Int?]) -> String {
        "[" + shape.map { $0.map(String.init) ?? "1…\(WeightReader.greatestDimension)" }.joined(separator: ", ") + "]"
    }

    /// Stands in for a faulty tensor until `finish` throws. It is never computed with, and holds one number.
    private var placeholder: Matrix { converted.matrix(1, 1).view }
}
