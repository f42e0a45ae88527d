/// A cursor that reads the JSON of a safetensors header from left to right: objects, strings and non-negative integers.
///
/// The caller names the value that it expects next, and no tree is built, so hostile input can neither nest nor
/// allocate beyond the schema.
struct JSONCursor {
    private let bytes: [UInt8]
    private var position = 0

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    /// Reads `{ "key": value, … }`; `body` is called after each key and colon and reads the value.
    mutating func object(
        _ body: (inout JSONCursor, String) throws(FormatFault) -> Void
    ) throws(FormatFault) {
        try expect("{")
        if take("}") { return }
        repeat {
            let key = try string()
            try expect(":")
            try body(&self, key)
        } while take(",")
        try expect("}")
    }

    /// Reads `[ 1, 2, … ]` of at most `limit` non-negative integers.
    mutating func integers(atMost limit: Int) throws(FormatFault) -> [Int] {
        var values: [Int] = []
        try expect("[")
        if take("]") { return values }
        repeat {
            guard values.count < limit else { throw fault("an array of more than \(limit) numbers") }
            values.append(try integer())
        } while take(",")
        try expect("]")
        return values
    }

    mutating func string() throws(FormatFault) -> String {
        try expect("\"")
        var text: [UInt8] = []
        while position < bytes.count {
            let byte = bytes[position]
            position += 1
            switch byte {
            case UInt8(ascii: "\""):
                guard let string = String(validating: text, as: UTF8.self) else {
                    throw fault("text that is not UTF-8")
                }
                return string
            case UInt8(ascii: "\\"): text.append(contentsOf: try escape())
            case 0..<0x20: throw fault("a control character in a string")
            default: text.append(byte)
            }
        }
        throw fault("a string that does not end")
    }

    /// Checks that only white space follows.
    mutating func end() throws(FormatFault) {
        skipSpace()
        guard position == bytes.count else { throw fault("text after the end") }
    }

    private mutating func integer() throws(FormatFault) -> Int {
        skipSpace()
        let start = position
        var value = 0
        while position < bytes.count, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(bytes[position]) {
            let (tens, overflowTens) = value.multipliedReportingOverflow(by: 10)
            let (sum, overflowSum) = tens.addingReportingOverflow(Int(bytes[position] - UInt8(ascii: "0")))
            guard !overflowTens, !overflowSum else { throw fault("a number that overflows") }
            value = sum
            position += 1
        }
        guard position > start, position == start + 1 || bytes[start] != UInt8(ascii: "0") else {
            throw fault("something other than a non-negative integer")
        }
        return value
    }

    /// Reads the escape after a backslash, and returns its UTF-8.
    private mutating func escape() throws(FormatFault) -> [UInt8] {
        guard position < bytes.count else { throw fault("a string that does not end") }
        position += 1
        switch bytes[position - 1] {
        case UInt8(ascii: "\""): return [0x22]
        case UInt8(ascii: "\\"): return [0x5C]
        case UInt8(ascii: "/"): return [0x2F]
        case UInt8(ascii: "b"): return [0x08]
        case UInt8(ascii: "f"): return [0x0C]
        case UInt8(ascii: "n"): return [0x0A]
        case UInt8(ascii: "r"): return [0x0D]
        case UInt8(ascii: "t"): return [0x09]
        case UInt8(ascii: "u"):
            var code = UInt32(try hexadecimal())
            if code & 0xFC00 == 0xD800, position + 1 < bytes.count,
                bytes[position] == UInt8(ascii: "\\"), bytes[position + 1] == UInt8(ascii: "u")
            {
                position += 2
                let low = UInt32(try hexadecimal())
                guard low & 0xFC00 == 0xDC00 else { throw fault("half a surrogate pair") }
                code = 0x10000 + (code & 0x3FF) << 10 + low & 0x3FF
            }
            guard let scalar = Unicode.Scalar(code) else { throw fault("half a surrogate pair") }
            return Array(String(scalar).utf8)
        default: throw fault("an unknown escape")
        }
    }

    private mutating func hexadecimal() throws(FormatFault) -> UInt16 {
        var value: UInt16 = 0
        for _ in 0..<4 {
            guard position < bytes.count, let digit = Character(Unicode.Scalar(bytes[position])).hexDigitValue,
                bytes[position] < 0x80
            else { throw fault("an escape without four hexadecimal digits") }
            value = value << 4 | UInt16(digit)
            position += 1
        }
        return value
    }

    private mutating func take(_ character: Unicode.Scalar) -> Bool {
        skipSpace()
        guard position < bytes.count, bytes[position] == UInt8(ascii: character) else { return false }
        position += 1
        return true
    }

    private mutating func expect(_ character: Unicode.Scalar) throws(FormatFault) {
        guard take(character) else { throw fault("no '\(character)' where one belongs") }
    }

    private mutating func skipSpace() {
        while position < bytes.count, [0x20, 0x09, 0x0A, 0x0D].contains(bytes[position]) { position += 1 }
    }

    private func fault(_ what: String) -> FormatFault {
        .malformed("its header has \(what) at byte \(position)")
    }
}
