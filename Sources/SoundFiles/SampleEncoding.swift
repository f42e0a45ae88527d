/// How a sample is stored in bytes.
package struct SampleEncoding: Equatable, Sendable {
    package enum Kind: Equatable, Sendable {
        case signed, unsigned, float, muLaw, aLaw
    }

    package let kind: Kind
    /// The bytes that it takes, 1…8.
    package let bytes: Int
    /// The bits of it that count, which are the lowest.
    package let bits: Int
    package let isBigEndian: Bool

    package init(_ kind: Kind, bytes: Int, bits: Int? = nil, bigEndian: Bool = false) {
        self.kind = kind
        self.bytes = bytes
        self.bits = bits ?? 8 * bytes
        isBigEndian = bigEndian
    }

    /// The encodings with the names that ALSA gives them (`arecord --help`).
    static let named: [(name: String, encoding: SampleEncoding)] = {
        var named: [(name: String, encoding: SampleEncoding)] = []
        func add(_ name: String, _ kind: Kind, _ bytes: Int, _ bits: Int? = nil) {
            named.append((name + "LE", SampleEncoding(kind, bytes: bytes, bits: bits)))
            named.append((name + "BE", SampleEncoding(kind, bytes: bytes, bits: bits, bigEndian: true)))
        }
        add("S16_", .signed, 2)
        add("U16_", .unsigned, 2)
        add("S24_", .signed, 4, 24)
        add("U24_", .unsigned, 4, 24)
        add("S32_", .signed, 4)
        add("U32_", .unsigned, 4)
        add("S24_3", .signed, 3)
        add("U24_3", .unsigned, 3)
        add("FLOAT_", .float, 4)
        add("FLOAT64_", .float, 8)
        named.append(("S8", SampleEncoding(.signed, bytes: 1)))
        named.append(("U8", SampleEncoding(.unsigned, bytes: 1)))
        named.append(("MU_LAW", SampleEncoding(.muLaw, bytes: 1)))
        named.append(("A_LAW", SampleEncoding(.aLaw, bytes: 1)))
        return named
    }()

    init?(name: String) {
        guard let found = Self.named.first(where: { $0.name == name }) else { return nil }
        self = found.encoding
    }

    /// The sample that begins at a place of `data`, at full scale ±1 (a float as it is stored).
    func sample(in data: borrowing Span<UInt8>, at place: Int) -> Float {
        var word: UInt64 = 0
        for index in 0..<bytes {
            let byte = data[place + (isBigEndian ? index : bytes - 1 - index)]
            word = word << 8 | UInt64(byte)
        }
        switch kind {
        case .signed: return integer(word)
        case .unsigned: return integer(word ^ (1 << UInt64(bits - 1)))
        case .float:
            return bytes == 4 ? Float(bitPattern: UInt32(truncatingIfNeeded: word)) : Float(Double(bitPattern: word))
        case .muLaw: return Self.muLaw(UInt8(truncatingIfNeeded: word))
        case .aLaw: return Self.aLaw(UInt8(truncatingIfNeeded: word))
        }
    }

    /// The value of the lowest bits of a word in two's complement.
    private func integer(_ word: UInt64) -> Float {
        let shift = UInt64(64 - bits)
        return Float(Double(Int64(bitPattern: word << shift)) / 0x1p63)
    }

    /// ITU-T G.711, µ-law: a sign, 3 bits of exponent, 4 of mantissa, all inverted.
    private static func muLaw(_ byte: UInt8) -> Float {
        let bits = ~byte
        let (exponent, mantissa) = (Int(bits >> 4 & 7), Int(bits & 0xF))
        let magnitude = ((mantissa << 3) + 0x84) << exponent - 0x84
        return Float(bits & 0x80 != 0 ? -magnitude : magnitude) / 32_768
    }

    /// ITU-T G.711, A-law: a sign, 3 bits of exponent, 4 of mantissa, every other bit inverted.
    private static func aLaw(_ byte: UInt8) -> Float {
        let bits = byte ^ 0x55
        let (exponent, mantissa) = (Int(bits >> 4 & 7), Int(bits & 0xF) << 4)
        let magnitude = exponent == 0 ? mantissa + 8 : (mantissa + 0x108) << (exponent - 1)
        return Float(bits & 0x80 != 0 ? magnitude : -magnitude) / 32_768
    }
}
