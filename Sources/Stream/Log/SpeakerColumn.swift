import EmotionFiles

/// The column `speaker` of a log that exists: the names in it, and their replacement.
package enum SpeakerColumn {
    /// The most speakers that a log may have; what has more is not a session's log, and would fill the memory.
    static let mostSpeakers = 1000

    /// The names of the speakers in the order of their first appearance. All of the log is checked.
    package static func names(in file: RegularFile) throws(CSVFileError) -> [String] {
        var reader = try LogReader(file)
        var names: [String] = []
        var known: Set<String> = []
        while let part = try reader.next() {
            guard case .row(let row) = part, let name = try reader.text(.speaker, of: row) else { continue }
            if known.insert(name).inserted { names.append(name) }
            try checkCount(names.count, file)
        }
        return names
    }

    /// Writes the log with other names of its speakers to `output`; everything else stays as it is, byte for byte.
    ///
    /// - Returns: The number of rows with another name.
    package static func rewrite(_ file: RegularFile, _ changes: SpeakerChanges, to output: AtomicFile) throws -> Int {
        var reader = try LogReader(file)
        var changed = 0
        var pending = reader.mark
        while let part = try reader.next() {
            switch part {
            case .header(let record), .other(let record): pending += record.bytes
            case .row(let row):
                let name = try reader.text(.speaker, of: row)
                let new = name.map(changes.name)
                if let new, new != name, let place = reader.place(of: .speaker) {
                    changed += 1
                    let cell = row.cells[place]
                    pending += row.bytes[..<cell.lowerBound]
                    pending += CSVWriter.formulaSafeCell(new).utf8
                    pending += row.bytes[cell.upperBound...]
                } else {
                    pending += row.bytes
                }
            }
            if pending.count >= 1 << 16 {
                try output.append(pending)
                pending.removeAll(keepingCapacity: true)
            }
        }
        try output.append(pending)
        return changed
    }

    static func checkCount(_ count: Int, _ file: RegularFile) throws(CSVFileError) {
        guard count <= mostSpeakers else {
            throw CSVFileError(file.path, "it has more than \(mostSpeakers) speakers, so it is not a session's log")
        }
    }
}
