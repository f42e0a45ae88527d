import EmotionFiles
import EmotionNetwork

/// A streaming writer of a safetensors file: the tensors are declared first, then their bytes are appended in that
/// order.
///
/// The bytes are written to a temporary file beside the target, which replaces the target only when it is complete and
/// on disk. A failure leaves the target unchanged and removes the temporary file. The metadata gets one more key,
/// `sha256`: the digest of the data section in hexadecimal.
final class SafetensorsWriter {
    struct Declaration {
        var name: String
        var type: ElementType
        var shape: [Int]
    }

    /// The alignment of the data section in bytes: a cache line.
    private static let alignment = 64
    private static let bufferSize = 1 << 20

    let path: String
    private let file: AtomicFile
    private let metadata: [String: String]
    private let declarations: [Declaration]
    private let expected: Int
    private var written = 0
    private var buffer: [UInt8] = []
    private let digest = SHA256()

    /// Creates the temporary file and writes the header.
    ///
    /// - Parameter declarations: The tensors, by decreasing element size, so that each is aligned without gaps.
    init(
        path: String, existing: ExistingFilePolicy = .replaced, _ declarations: [Declaration],
        metadata: [String: String]
    ) throws(WeightsError) {
        self.path = path
        self.declarations = declarations
        self.metadata = metadata
        var sum = 0
        for (index, declaration) in declarations.enumerated() {
            guard let size = byteCount(of: declaration.shape, declaration.type), sum <= Int.max - size else {
                preconditionFailure("tensor \(declaration.name) has an impossible shape \(declaration.shape)")
            }
            precondition(index == 0 || declarations[index - 1].type.size >= declaration.type.size)
            sum += size
        }
        expected = sum
        do throws(FileError) {
            file = try AtomicFile(path, existing: existing)
        } catch {
            throw Self.failure(error)
        }
        buffer.reserveCapacity(Self.bufferSize)
        // The zeros have the length of the digest, which replaces them in `finish`.
        try write(all: header(digest: String(repeating: "0", count: 64)))
    }

    /// Appends the next bytes of the data section, little-endian elements.
    func append(_ bytes: UnsafeRawBufferPointer) throws(WeightsError) {
        precondition(bytes.count <= expected - written, "more data than declared")
        written += bytes.count
        unsafe digest.update(bytes)
        unsafe buffer.append(contentsOf: bytes)
        if buffer.count >= Self.bufferSize { try flush() }
    }

    /// Completes the header and replaces the target by the file.
    ///
    /// - Returns: The digest of the data section.
    func finish() throws(WeightsError) -> String {
        precondition(written == expected, "less data than declared")
        try flush()
        let hex = digest.finish()
        do throws(FileError) {
            try file.rewind()
            try file.append(header(digest: hex))
            try file.finish()
        } catch {
            throw Self.failure(error)
        }
        return hex
    }

    private func flush() throws(WeightsError) {
        try write(all: buffer)
        buffer.removeAll(keepingCapacity: true)
    }

    private func write(all bytes: [UInt8]) throws(WeightsError) {
        do throws(FileError) {
            try file.append(bytes)
        } catch {
            throw Self.failure(error)
        }
    }

    private static func failure(_ error: FileError) -> WeightsError {
        WeightsError(
            .unwritable, file: error.path, problem: "cannot \(error.attempt) it: \(error.problem)",
            remedy: error.advice.isEmpty ? "name an output in a folder that can be written and has room" : error.advice)
    }

    private func header(digest: String) -> [UInt8] {
        var pairs = metadata
        pairs[WeightsDescription.digestKey] = digest
        let strings = pairs.sorted { $0.key < $1.key }.map { "\(Self.json($0.key)):\(Self.json($0.value))" }
        var members = ["\(Self.json(SafetensorsHeader.metadataKey)):{\(strings.joined(separator: ","))}"]
        var offset = 0
        for declaration in declarations {
            let end = offset + byteCount(of: declaration.shape, declaration.type)!
            let shape = declaration.shape.map(String.init).joined(separator: ",")
            members.append(
                "\(Self.json(declaration.name)):{\"dtype\":\"\(declaration.type.rawValue)\","
                    + "\"shape\":[\(shape)],\"data_offsets\":[\(offset),\(end)]}")
            offset = end
        }
        var text = Array("{\(members.joined(separator: ","))}".utf8)
        let padding = (Self.alignment - (8 + text.count) % Self.alignment) % Self.alignment
        text.append(contentsOf: repeatElement(UInt8(ascii: " "), count: padding))
        var length = UInt64(text.count).littleEndian
        return unsafe withUnsafeBytes(of: &length) { unsafe Array($0) } + text
    }

    /// Formats `text` as a JSON string literal.
    static func json(_ text: String) -> String {
        var literal = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"", "\\":
                literal += "\\"
                literal.unicodeScalars.append(scalar)
            case "\0"..<" ":
                let code = String(scalar.value, radix: 16)
                literal += "\\u" + String(repeating: "0", count: 4 - code.count) + code
            default: literal.unicodeScalars.append(scalar)
            }
        }
        return literal + "\""
    }
}
