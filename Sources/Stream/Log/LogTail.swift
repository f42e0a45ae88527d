import EmotionFiles

/// Where a log that is there already ends.
struct LogTail {
    /// Bytes up to the end of the last whole row.
    private(set) var end = 0
    /// The number that the next row gets.
    private(set) var nextSequence = 0

    private static let block = 1 << 16
    /// Half a row is shorter, or something else is wrong with the file.
    private static let longestRow = 1 << 14

    /// Reads all of `file`, a block at a time, for a quoted note may hold line breaks.
    init(_ file: OutputFile, _ format: RowFormat) throws(FileError) {
        func refuse(_ problem: String) -> FileError {
            FileError(
                file.path, cannot: "append to", because: problem,
                advice: "choose another name, or --force to replace it")
        }
        let header = Array(format.csvHeader.utf8)
        guard try file.read(header.count, at: 0) == header else {
            let other = Array(RowFormat(isSplit: !format.isSplit).csvHeader.utf8)
            let isOther = try file.read(other.count, at: 0) == other
            throw refuse(
                !isOther
                    ? "it is no log of this version's columns"
                    : format.isSplit
                        ? "it is the log of a session without --split-channels"
                        : "it is the log of a session with --split-channels")
        }
        end = header.count
        var position = end
        var isQuoted = false
        var sequence: Int?
        var hasSequence = false
        var holdsBreak = false
        while true {
            let bytes = try file.read(Self.block, at: position)
            for byte in bytes {
                position += 1
                switch byte {
                case UInt8(ascii: "\""): isQuoted.toggle()
                case UInt8(ascii: "\n") where !isQuoted:
                    guard let number = sequence, hasSequence else {
                        throw refuse("the row that ends at byte \(position) does not begin with its number")
                    }
                    end = position
                    nextSequence = number + 1
                    (sequence, hasSequence, holdsBreak) = (nil, false, false)
                case UInt8(ascii: "\n"): holdsBreak = true
                case UInt8(ascii: ",") where !isQuoted: hasSequence = true
                case UInt8(ascii: "0")...UInt8(ascii: "9") where !hasSequence:
                    let digit = Int(byte - UInt8(ascii: "0"))
                    guard sequence ?? 0 < Int.max / 100 else { throw refuse("a row's number is out of range") }
                    sequence = (sequence ?? 0) * 10 + digit
                default:
                    if !hasSequence { (sequence, hasSequence) = (nil, true) }
                }
                guard position - end <= Self.longestRow else {
                    throw refuse("the row that begins at byte \(end) does not end")
                }
            }
            guard bytes.count < Self.block else { continue }
            // Half a row is what a kill left. What spans lines may be rows behind a quote that somebody lost.
            if holdsBreak { throw refuse("the row that begins at byte \(end) does not end") }
            return
        }
    }
}
