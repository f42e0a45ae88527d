/// Writes small zip archives byte by byte, right or wrong on purpose.
struct ZipBuilder {
    struct Entry {
        var name: String
        var data: [UInt8]
        var method: UInt16 = 0
        var flags: UInt16 = 0
        /// What the directory says, where that is not the truth.
        var statedSize: UInt32?
        var statedOffset: UInt32?
        var statedLocalName: String?
        /// Sizes and offset in the zip64 field instead of the fixed ones.
        var isZip64 = false
        var zip64Size: UInt64?
    }

    var entries: [Entry] = []
    /// The end record refers to a zip64 one.
    var hasZip64End = false
    var statedCount: UInt64?
    var statedDirectorySize: UInt64?
    var statedDirectoryOffset: UInt64?

    /// A checkpoint with this pickle and one storage `data/0`.
    static func checkpoint(_ pickle: [UInt8], storage: [UInt8] = [UInt8](repeating: 0, count: 16)) -> ZipBuilder {
        ZipBuilder(entries: [
            Entry(name: "x/data.pkl", data: pickle), Entry(name: "x/byteorder", data: Array("little".utf8)),
            Entry(name: "x/data/0", data: storage),
        ])
    }

    var bytes: [UInt8] {
        var out: [UInt8] = []
        var directory: [UInt8] = []
        for entry in entries {
            let offset = UInt32(out.count)
            let name = Array(entry.name.utf8)
            let localName = entry.statedLocalName.map { Array($0.utf8) } ?? name
            let size = entry.isZip64 ? UInt32.max : entry.statedSize ?? UInt32(entry.data.count)
            out += littleEndian(UInt32(0x0403_4B50)) + littleEndian(UInt16(20)) + littleEndian(entry.flags)
            out += littleEndian(entry.method) + [UInt8](repeating: 0, count: 8)
            out += littleEndian(size) + littleEndian(size)
            out += littleEndian(UInt16(localName.count)) + littleEndian(UInt16(0)) + localName + entry.data

            var extra: [UInt8] = []
            if entry.isZip64 {
                let real = entry.zip64Size ?? UInt64(entry.data.count)
                // An unrelated field first, which a reader has to step over.
                extra = littleEndian(UInt16(0x5455)) + littleEndian(UInt16(1)) + [0]
                extra += littleEndian(UInt16(1)) + littleEndian(UInt16(24))
                extra += littleEndian(real) + littleEndian(real) + littleEndian(UInt64(offset))
            }
            directory += littleEndian(UInt32(0x0201_4B50)) + littleEndian(UInt16(45)) + littleEndian(UInt16(20))
            directory += littleEndian(entry.flags) + littleEndian(entry.method) + [UInt8](repeating: 0, count: 8)
            directory += littleEndian(size) + littleEndian(size) + littleEndian(UInt16(name.count))
            directory += littleEndian(UInt16(extra.count)) + [UInt8](repeating: 0, count: 10)
            directory += littleEndian(entry.isZip64 ? UInt32.max : entry.statedOffset ?? offset) + name + extra
        }
        let start = statedDirectoryOffset ?? UInt64(out.count)
        let size = statedDirectorySize ?? UInt64(directory.count)
        let count = statedCount ?? UInt64(entries.count)
        out += directory
        if hasZip64End {
            let record = UInt64(out.count)
            out += littleEndian(UInt32(0x0606_4B50)) + littleEndian(UInt64(44)) + [UInt8](repeating: 0, count: 12)
            out += littleEndian(count) + littleEndian(count) + littleEndian(size) + littleEndian(start)
            out += littleEndian(UInt32(0x0706_4B50)) + littleEndian(UInt32(0)) + littleEndian(record)
            out += littleEndian(UInt32(1))
        }
        out += littleEndian(UInt32(0x0605_4B50)) + [0, 0, 0, 0]
        out += littleEndian(hasZip64End ? UInt16.max : UInt16(truncatingIfNeeded: count))
        out += littleEndian(hasZip64End ? UInt16.max : UInt16(truncatingIfNeeded: count))
        out += littleEndian(hasZip64End ? UInt32.max : UInt32(truncatingIfNeeded: size))
        out += littleEndian(hasZip64End ? UInt32.max : UInt32(truncatingIfNeeded: start)) + [0, 0]
        return out
    }
}

/// Pickle opcodes by name; what they build is written out, never run.
enum Pickle {
    static let protocol2: [UInt8] = [0x80, 2]
    static let stop = Array(".".utf8)
    static let mark = Array("(".utf8)
    static let emptyDictionary = Array("}".utf8)
    static let setItem = Array("s".utf8)
    static let reduce = Array("R".utf8)

    static func string(_ text: String) -> [UInt8] {
        Array("X".utf8) + littleEndian(UInt32(text.utf8.count)) + Array(text.utf8)
    }
    static func integer(_ value: Int32) -> [UInt8] { Array("J".utf8) + littleEndian(value) }
    static func long(_ value: Int64) -> [UInt8] { [0x8A, 8] + littleEndian(value) }
    static func global(_ module: String, _ name: String) -> [UInt8] { Array("c\(module)\n\(name)\n".utf8) }
    static func stackGlobal(_ module: String, _ name: String) -> [UInt8] { string(module) + string(name) + [0x93] }
    static func tuple(_ items: [UInt8]...) -> [UInt8] { mark + items.flatMap { $0 } + Array("t".utf8) }

    static func storage(_ type: String = "FloatStorage", key: String = "0", count: [UInt8] = integer(4)) -> [UInt8] {
        tuple(string("storage"), global("torch", type), string(key), string("cpu"), count) + Array("Q".utf8)
    }

    static func tensor(
        _ storage: [UInt8] = storage(), offset: [UInt8] = integer(0), shape: [UInt8] = tuple(integer(4)),
        strides: [UInt8] = tuple(integer(1))
    ) -> [UInt8] {
        let hooks = global("collections", "OrderedDict") + Array(")R".utf8)
        return global("torch._utils", "_rebuild_tensor_v2")
            + tuple(storage, offset, shape, strides, [0x89], hooks) + reduce
    }

    /// The pickle of {'a': value}.
    static func dictionary(_ value: [UInt8]) -> [UInt8] {
        protocol2 + emptyDictionary + string("a") + value + setItem + stop
    }
}
