/// NumPy's format of an array file, version 1.0.
enum NPYFormat {
    /// Encodes rows of equal length as a two-dimensional, C-ordered array of little-endian float32.
    static func encode(_ rows: [[Float]]) -> [UInt8] {
        let dictionary =
            "{'descr': '<f4', 'fortran_order': False, 'shape': (\(rows.count), \(rows.first?.count ?? 0)), }"
        // Magic number, version and header length take 10 bytes; the data begin at a multiple of 64 bytes.
        let length = (10 + dictionary.utf8.count + 1 + 63) / 64 * 64 - 10
        let padding = String(repeating: " ", count: length - dictionary.utf8.count - 1)
        var bytes: [UInt8] = [0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(length & 0xFF), UInt8(length >> 8)]
        bytes += Array((dictionary + padding + "\n").utf8)
        bytes.reserveCapacity(bytes.count + rows.count * (rows.first?.count ?? 0) * 4)
        for value in rows.joined() {
            let bits = value.bitPattern
            bytes += [UInt8(bits & 0xFF), UInt8(bits >> 8 & 0xFF), UInt8(bits >> 16 & 0xFF), UInt8(bits >> 24)]
        }
        return bytes
    }
}
