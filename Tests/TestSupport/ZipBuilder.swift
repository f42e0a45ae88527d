/// Writes small zip archives byte by byte, valid or deliberately wrong.
package struct ZipBuilder {
    package struct Entry {
        package var name: String
        package var data: [UInt8]
        package var method: UInt16 = 0
        package var flags: UInt16 = 0
        /// What the directory says, where it differs from the content.
        package var statedSize: UInt32?
        package var statedOffset: UInt32?
        package var statedLocalName: String?
        /// Sizes and offset in the zip64 field instead of the fixed ones.
        package var isZip64 = false
        package var zip64Size: UInt64?

        package init(
            name: String, data: [UInt8], method: UInt16 = 0, flags: UInt16 = 0, statedOffset: UInt32? = nil
        ) {
            self.name = name
            self.data = data
            self.method = method
            self.flags = flags
            self.statedOffset = statedOffset
        }
    }

    package var entries: [Entry] = []
    /// The end record refers to a zip64 one.
    package var hasZip64End = false
    package var statedCount: UInt64?
    package var statedDirectorySize: UInt64?
    package var statedDirectoryOffset: UInt64?

    package init(entries: [Entry] = []) {
        self.entries = entries
    }

    /// A checkpoint with this pickle and one storage `data/0`.
    package static func checkpoint(_ pickle: [UInt8], storage: [UInt8] = [UInt8](repeating: 0, count: 16)) -> ZipBuilder
    {
        ZipBuilder(entries: [
            Entry(name: "x/data.pkl", data: pickle), Entry(name: "x/byteorder", data: Array("little".utf8)),
            Entry(name: "x/data/0", data: storage),
        ])
    }

    package var bytes: [UInt8] {
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
                // An unrelated field comes first, which a reader has to skip.
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

/// Pickle opcodes by name; they are written as bytes, never run.
package enum Pickle {
    package static let protocol2: [UInt8] = [0x80, 2]
    package static let stop = Array(".".utf8)
    package static let mark = Array("(".utf8)
    package static let emptyDictionary = Array("}".utf8)
    package static let setItem = Array("s".utf8)
    package static let reduce = Array("R".utf8)

    package static func string(_ text: String) -> [UInt8] {
        Array("X".utf8) + littleEndian(UInt32(text.utf8.count)) + Array(text.utf8)
    }
    package static func integer(_ value: Int32) -> [UInt8] { Array("J".utf8) + littleEndian(value) }
    package static func long(_ value: Int64) -> [UInt8] { [0x8A, 8] + littleEndian(value) }
    package static func global(_ module: String, _ name: String) -> [UInt8] { Array("c\(module)\n\(name)\n".utf8) }
    package static func stackGlobal(_ module: String, _ name: String) -> [UInt8] {
        string(module) + string(name) + [0x93]
    }
    package static func tuple(_ items: [UInt8]...) -> [UInt8] { mark + items.flatMap { $0 } + Array("t".utf8) }

    package static func storage(_ type: String = "FloatStorage", key: String = "0", count: [UInt8] = integer(4))
        -> [UInt8]
    {
        tuple(string("storage"), global("torch", type), string(key), string("cpu"), count) + Array("Q".utf8)
    }

    package static func tensor(
        _ storage: [UInt8] = storage(), offset: [UInt8] = integer(0), shape: [UInt8] = tuple(integer(4)),
        strides: [UInt8] = tuple(integer(1))
    ) -> [UInt8] {
        let hooks = global("collections", "OrderedDict") + Array(")R".utf8)
        return global("torch._utils", "_rebuild_tensor_v2")
            + tuple(storage, offset, shape, strides, [0x89], hooks) + reduce
    }

    /// The pickle of {'a': value}.
    package static func dictionary(_ value: [UInt8]) -> [UInt8] {
        protocol2 + emptyDictionary + string("a") + value + setItem + stop
    }
}

package func littleEndian<Value: FixedWidthInteger>(_ value: Value) -> [UInt8] {
    withUnsafeBytes(of: value.littleEndian, Array.init)
}
