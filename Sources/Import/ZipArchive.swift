import EmotionNetwork

/// The directory of a zip archive whose entries are stored uncompressed, as torch.save writes them.
///
/// Entries are ranges of the mapped file; nothing is copied. Compressed, encrypted, overlapping or repeated entries
/// are refused by name, so the content of an archive can never exceed its size. Zip64 is read, split archives are not.
/// Checksums of entries are not checked, as in PyTorch.
struct ZipArchive {
    static let maximumEntries = 1 << 16
    static let maximumName = 1024

    private(set) var entries: [String: Range<Int>] = [:]

    init(_ file: MappedFile) throws(FormatFault) {
        let directory = try Self.findDirectory(file)
        guard directory.count <= Self.maximumEntries else {
            throw .refused("its zip directory lists \(directory.count) entries, more than \(Self.maximumEntries)")
        }
        var position = directory.range.lowerBound
        var ranges: [(range: Range<Int>, name: String)] = []
        for _ in 0..<directory.count {
            let (name, range, next) = try Self.readEntry(file, at: position, directory: directory.range)
            guard entries.updateValue(range, forKey: name) == nil else {
                throw .malformed("the zip entry \(quoted(name)) occurs twice")
            }
            ranges.append((range, name))
            position = next
        }
        ranges.sort { $0.range.lowerBound < $1.range.lowerBound }
        for (left, right) in zip(ranges, ranges.dropFirst()) where left.range.upperBound > right.range.lowerBound {
            throw .malformed("the zip entries \(quoted(left.name)) and \(quoted(right.name)) overlap")
        }
    }

    private struct Directory {
        var range: Range<Int>
        var count: Int
    }

    /// Finds the central directory by the end record at the file's end (APPNOTE 4.3.16) or its zip64 form (4.3.14).
    private static func findDirectory(_ file: MappedFile) throws(FormatFault) -> Directory {
        let shortest = 22
        var end = file.count - shortest
        let first = max(0, end - 0xFFFF)
        while end >= first, file.integer(UInt32.self, at: end) != 0x0605_4B50 { end -= 1 }
        guard end >= first,
            let count: UInt16 = file.integer(at: end + 10),
            let size: UInt32 = file.integer(at: end + 12),
            let start: UInt32 = file.integer(at: end + 16)
        else { throw .malformed("its zip directory is missing; the file is cut short") }
        var directory = (count: UInt64(count), size: UInt64(size), start: UInt64(start), end: end)
        if count == .max || size == .max || start == .max, file.integer(UInt32.self, at: end - 20) == 0x0706_4B50 {
            guard let record = file.integer(UInt64.self, at: end - 12).flatMap({ Int(exactly: $0) }),
                record < end, file.integer(UInt32.self, at: record) == 0x0606_4B50,
                let count: UInt64 = file.integer(at: record + 32),
                let size: UInt64 = file.integer(at: record + 40),
                let start: UInt64 = file.integer(at: record + 48)
            else { throw .malformed("its zip64 end record is missing") }
            directory = (count, size, start, record)
        }
        guard let start = Int(exactly: directory.start), let size = Int(exactly: directory.size),
            let count = Int(exactly: directory.count), start <= directory.end, size <= directory.end - start
        else { throw .malformed("its zip directory lies outside the file") }
        return Directory(range: start..<(start + size), count: count)
    }

    /// Reads an entry of the central directory (APPNOTE 4.3.12), and locates its data by its local header (4.3.7).
    private static func readEntry(
        _ file: MappedFile, at position: Int, directory: Range<Int>
    ) throws(FormatFault) -> (name: String, range: Range<Int>, next: Int) {
        let fixed = 46
        guard position <= directory.upperBound - fixed, file.integer(UInt32.self, at: position) == 0x0201_4B50,
            let flags: UInt16 = file.integer(at: position + 8), let method: UInt16 = file.integer(at: position + 10),
            let packed: UInt32 = file.integer(at: position + 20), let plain: UInt32 = file.integer(at: position + 24),
            let nameLength: UInt16 = file.integer(at: position + 28),
            let extraLength: UInt16 = file.integer(at: position + 30),
            let commentLength: UInt16 = file.integer(at: position + 32),
            let offset: UInt32 = file.integer(at: position + 42)
        else { throw .malformed("its zip directory is broken at byte \(position)") }
        let extra = position + fixed + Int(nameLength)
        let next = extra + Int(extraLength) + Int(commentLength)
        guard next <= directory.upperBound, nameLength <= maximumName,
            let nameBytes = file.copy(position + fixed, Int(nameLength)),
            let name = String(validating: nameBytes, as: UTF8.self)
        else { throw .malformed("its zip directory has a broken name at byte \(position)") }
        guard flags & 0x2041 == 0 else { throw .refused("the zip entry \(quoted(name)) is encrypted") }
        guard method == 0 else {
            throw .refused(
                "the zip entry \(quoted(name)) is compressed (method \(method)), which torch.save never does")
        }
        var sizes = (packed: UInt64(packed), plain: UInt64(plain), offset: UInt64(offset))
        try readZip64(file, extra..<(extra + Int(extraLength)), name, &sizes)
        guard sizes.packed == sizes.plain else {
            throw .malformed("the zip entry \(quoted(name)) is stored, yet its two sizes differ")
        }
        guard let local = Int(exactly: sizes.offset), let size = Int(exactly: sizes.plain),
            file.integer(UInt32.self, at: local) == 0x0403_4B50,
            let localName: UInt16 = file.integer(at: local + 26), let localExtra: UInt16 = file.integer(at: local + 28),
            localName == nameLength, file.copy(local + 30, Int(localName)) == nameBytes,
            case let data = local + 30 + Int(localName) + Int(localExtra),
            data <= directory.lowerBound, size <= directory.lowerBound - data
        else { throw .malformed("the zip entry \(quoted(name)) does not lie inside the file") }
        return (name, data..<(data + size), next)
    }

    /// Reads the zip64 extra field (APPNOTE 4.5.3), which replaces each of the numbers that is all ones: the
    /// uncompressed size, the compressed size and the offset, in this order.
    private static func readZip64(
        _ file: MappedFile, _ field: Range<Int>, _ name: String,
        _ sizes: inout (packed: UInt64, plain: UInt64, offset: UInt64)
    ) throws(FormatFault) {
        let all = UInt64(UInt32.max)
        guard sizes.plain == all || sizes.packed == all || sizes.offset == all else { return }
        var position = field.lowerBound
        while position <= field.upperBound - 4, let tag: UInt16 = file.integer(at: position),
            let length: UInt16 = file.integer(at: position + 2)
        {
            let end = position + 4 + Int(length)
            guard end <= field.upperBound else { break }
            position += 4
            guard tag == 1 else {
                position = end
                continue
            }
            for path in [\(packed: UInt64, plain: UInt64, offset: UInt64).plain, \.packed, \.offset]
            where sizes[keyPath: path] == all {
                guard position <= end - 8, let value: UInt64 = file.integer(at: position) else {
                    throw .malformed("the zip64 field of \(quoted(name)) is too short")
                }
                sizes[keyPath: path] = value
                position += 8
            }
            return
        }
        throw .malformed("the zip entry \(quoted(name)) lacks its zip64 sizes")
    }
}
