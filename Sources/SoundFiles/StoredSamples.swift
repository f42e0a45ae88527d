import Glibc

/// The stretch of a file that holds its samples, as the headers of WAV (RIFF, RIFX, RF64, BW64), W64, AIFF, CAF and AU
/// give it.
///
/// libsndfile reads nothing where a recorder died before it wrote the size, leaves out what comes after a size that is too
/// small, and says nothing where the file holds less than the header promises.
struct StoredSamples {
    /// What the header says of the length.
    enum Promise: Equatable {
        /// As many bytes as there are.
        case kept
        /// This many bytes, more than there are.
        case broken(Int)
        /// A size that was never written, or that sound follows.
        case unfinished
        /// None, as the format allows: the samples end with the file.
        case open
    }

    let promise: Promise
    /// The bytes of samples in the file.
    let size: Int
    /// Where the header says the size, and what it must say for the file to be read to its end.
    let correction: (offset: Int, bytes: [UInt8])

    /// Reads the headers of a regular file.
    ///
    /// - Returns: nil for other formats, and for headers that make no sense.
    init?(descriptor: Int32, fileSize: Int) {
        guard let container = Container(HeaderBytes(descriptor: descriptor, size: fileSize)),
            let data = container.data()
        else { return nil }
        size = max(0, fileSize - data.start)
        correction = (data.field, container.sizeBytes(of: size, data))
        if let promised = data.promised, promised <= size {
            promise = container.isFinished(after: data.start + promised, promised) ? .kept : .unfinished
        } else if container.leavesOpen(data.stated) {
            promise = .open
        } else if let promised = data.promised, !container.isPlaceholder(data.stated) {
            promise = .broken(promised)
        } else {
            promise = .unfinished
        }
    }
}

/// The bytes of a file's headers, read as they are needed.
struct HeaderBytes {
    let descriptor: Int32
    let size: Int

    /// The bytes from an offset on; nil where the file does not have them.
    func read(_ offset: Int, _ count: Int) -> [UInt8]? {
        guard offset >= 0, count >= 0, offset <= size - count else { return nil }
        var bytes = [UInt8](repeating: 0, count: count)
        let got = unsafe bytes.withUnsafeMutableBytes { unsafe pread(descriptor, $0.baseAddress, count, off_t(offset)) }
        return got == count ? bytes : nil
    }

    /// An unsigned number of up to 8 bytes.
    func number(_ offset: Int, _ count: Int, bigEndian: Bool) -> UInt64? {
        guard let bytes = read(offset, count) else { return nil }
        return (bigEndian ? bytes : bytes.reversed()).reduce(0) { $0 << 8 | UInt64($1) }
    }
}

/// A format that stores sound in chunks, each with a name and a size; AU, whose header alone says the size, has one.
private struct Container {
    /// The chunk of the samples.
    struct SampleChunk {
        /// The offset of the first sample.
        let start: Int
        /// The offset and the bytes of the size.
        let field: Int
        let width: Int
        /// The size as it is written.
        let stated: UInt64
        /// The bytes of samples that it promises; nil where it is too great for any file.
        let promised: Int?
        /// The part of the size that is not samples.
        let overhead: Int
    }

    /// The most chunks that are looked at.
    private static let mostChunks = 4096
    /// The bytes behind the samples that are taken for padding, not for sound, where they are no chunk.
    private static let leastRest = 512
    /// The bytes of zeros behind the samples that are padding.
    private static let mostZeros = 65_536
    /// Names that begin data of other programs at the end of a file.
    private static let tags = ["TAG", "ID3", "APET"]

    private let bytes: HeaderBytes
    /// The offset of the first chunk.
    private let first: Int
    private let nameWidth: Int
    private let sizeWidth: Int
    private let isBigEndian: Bool
    /// Whether a chunk's size counts its name and size.
    private let countsHeader: Bool
    private let alignment: Int
    private let dataName: String
    /// Bytes between the size of the sample chunk and the first sample.
    private let preamble: Int
    /// Whether the size may be in a chunk `ds64`.
    private let isLarge: Bool
    /// Whether it is AU, whose header alone says the size, and whose sound ends with the file.
    private let isAU: Bool
    private let isCAF: Bool

    init?(_ bytes: HeaderBytes) {
        self.bytes = bytes
        guard let head = bytes.read(0, 12) else { return nil }
        let name = Self.text(head[..<4])
        let kind = Self.text(head[8...])
        isLarge = name == "RF64" || name == "BW64"
        isAU = name == ".snd"
        isCAF = name == "caff"
        dataName = name == "FORM" ? "SSND" : "data"
        isBigEndian = ["RIFX", "FORM", "caff", ".snd"].contains(name)
        countsHeader = name == "riff"
        nameWidth = name == "riff" ? 16 : 4
        sizeWidth = ["riff", "caff"].contains(name) ? 8 : 4
        alignment = name == "riff" ? 8 : name == "caff" ? 1 : 2
        preamble = name == "FORM" ? 8 : name == "caff" ? 4 : 0
        switch name {
        case "RIFF", "RIFX", "RF64", "BW64": first = kind == "WAVE" ? 12 : -1
        case "FORM": first = kind == "AIFF" || kind == "AIFC" ? 12 : -1
        case "riff": first = 40
        case "caff": first = 8
        case ".snd": first = 0
        default: first = -1
        }
        guard first >= 0 else { return nil }
    }

    /// The chunk of the samples; nil where there is none.
    func data() -> SampleChunk? {
        if isAU { return header() }
        var offset = first
        var large: Int?
        for _ in 0..<Self.mostChunks {
            guard let (name, size) = chunk(at: offset) else { return nil }
            let body = offset + nameWidth + sizeWidth
            if name == dataName {
                guard isLarge, size == UInt64(UInt32.max), let large,
                    let real = bytes.number(large, 8, bigEndian: false)
                else {
                    let overhead = (countsHeader ? nameWidth + sizeWidth : 0) + preamble
                    return sampleChunk(body + preamble, offset + nameWidth, sizeWidth, size, overhead)
                }
                return sampleChunk(body, large, 8, real, 0)
            }
            // The size of the file, then that of the samples, each in 8 bytes.
            if isLarge, name == "ds64" { large = body + 8 }
            guard let next = end(of: offset, size), next > offset else { return nil }
            offset = next
        }
        return nil
    }

    /// The samples of AU: offset and size are the second and third number of the header.
    private func header() -> SampleChunk? {
        guard let start = bytes.number(4, 4, bigEndian: true), let size = bytes.number(8, 4, bigEndian: true),
            start >= 24, start <= UInt64(bytes.size)
        else { return nil }
        return sampleChunk(Int(start), 8, 4, size, 0)
    }

    private func sampleChunk(
        _ start: Int, _ field: Int, _ width: Int, _ stated: UInt64, _ overhead: Int
    ) -> SampleChunk {
        SampleChunk(
            start: start, field: field, width: width, stated: stated,
            promised: Int(exactly: stated).flatMap { $0 < Int.max / 4 ? max(0, $0 - overhead) : nil },
            overhead: overhead)
    }

    /// The bytes of a size for samples of `count` bytes; the greatest size, which means the rest of the file, where it does
    /// not fit.
    func sizeBytes(of count: Int, _ data: SampleChunk) -> [UInt8] {
        let size = UInt64(count + data.overhead)
        let number = data.width == 4 ? min(size, UInt64(UInt32.max)) : size
        let little = (0..<data.width).map { UInt8(truncatingIfNeeded: number >> UInt64(8 * $0)) }
        return data.width == 4 && isBigEndian || sizeWidth == 8 && isBigEndian ? little.reversed() : little
    }

    /// Whether a size is the one by which AU and CAF say that the sound ends with the file.
    func leavesOpen(_ size: UInt64) -> Bool {
        isAU && size == UInt64(UInt32.max) || isCAF && size == UInt64.max
    }

    /// Whether a size is one that programs write that cannot know it: the greatest of 32 bits or of 31, or nearly.
    func isPlaceholder(_ size: UInt64) -> Bool {
        let (greatest, half) = (UInt64(UInt32.max), UInt64(1) << 31)
        if sizeWidth == 8 || size > greatest { return size > UInt64(1) << 62 }
        return size > greatest - 65_536 || (half - 65_536...half + 65_536).contains(size)
    }

    /// Whether the file is complete with samples that end at an offset: behind them come chunks, tags, padding or nothing.
    func isFinished(after end: Int, _ promised: Int) -> Bool {
        let aligned = (end + alignment - 1) / alignment * alignment
        // Some programs leave out the byte that makes a size even.
        return isFinished(at: aligned, promised) || (aligned != end && holdsChunk(at: end))
    }

    /// Whether a chunk of the file is at an offset.
    private func holdsChunk(at offset: Int) -> Bool {
        guard !isAU, let name = bytes.read(offset, 4), name.allSatisfy({ (0x20...0x7E).contains($0) }),
            let (_, size) = chunk(at: offset), let next = end(of: offset, size)
        else { return false }
        return next <= bytes.size + alignment
    }

    private func isFinished(at offset: Int, _ promised: Int) -> Bool {
        let rest = bytes.size - offset
        if rest <= 0 || (promised > 0 && rest < Self.leastRest) { return true }
        guard let name = bytes.read(offset, 4) else { return true }
        if Self.tags.contains(where: { Self.text(name[...]).hasPrefix($0) }) { return true }
        if holdsChunk(at: offset) { return true }
        guard promised > 0, rest <= Self.mostZeros else { return false }
        return bytes.read(offset, rest)?.allSatisfy { $0 == 0 } ?? true
    }

    /// The name and size of a chunk.
    private func chunk(at offset: Int) -> (name: String, size: UInt64)? {
        guard let name = bytes.read(offset, 4),
            let size = bytes.number(offset + nameWidth, sizeWidth, bigEndian: isBigEndian)
        else { return nil }
        return (Self.text(name[...]), size)
    }

    /// The offset behind a chunk and its padding; nil where its size makes no sense.
    private func end(of offset: Int, _ size: UInt64) -> Int? {
        guard let size = Int(exactly: size), size < Int.max / 4 else { return nil }
        let end = offset + (countsHeader ? max(size, nameWidth + sizeWidth) : nameWidth + sizeWidth + size)
        return (end + alignment - 1) / alignment * alignment
    }

    private static func text(_ bytes: ArraySlice<UInt8>) -> String {
        String(decoding: bytes.prefix(4), as: UTF8.self)
    }
}
