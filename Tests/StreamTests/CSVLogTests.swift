import EmotionCore
import EmotionFiles
import Foundation
import TestSupport
import Testing

@testable import EmotionStream

@Suite(.serialized) final class CSVLogTests {
    private let folder = FileManager.default.temporaryDirectory.appendingPathComponent("log-\(UUID().uuidString)")
    private var path: String { folder.appendingPathComponent("a.csv").path }

    init() throws { try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true) }
    deinit { try? FileManager.default.removeItem(at: folder) }

    private func row(_ number: Int, note: String = "") -> Row {
        var row = Row(
            start: Double(number), end: Double(number) + 3, wallEnd: WallTime(nanoseconds: 0), status: .silence)
        row.sequence = number
        row.note = note
        return row
    }

    /// The first cell of each row; requires that the file begins with the header and holds whole rows only.
    private func numbers(_ path: String) throws -> [Int] {
        let text = try String(contentsOfFile: path, encoding: .utf8)
        try #require(text.hasPrefix(RowFormat().csvHeader) && text.hasSuffix("\r\n"), "\(text)")
        var numbers: [Int] = []
        for line in text.components(separatedBy: "\r\n").dropFirst().dropLast() {
            let cells = line.split(separator: ",", omittingEmptySubsequences: false)
            #expect(cells.count == Row.columns(RowFormat()).count, "\(line)")
            numbers.append(Int(cells[0]) ?? -1)
        }
        return numbers
    }

    @Test func eachRowIsInTheFileWhenWriteReturns() throws {
        let log = try CSVLog(path: path)
        try log.write(row(0))
        #expect(try String(contentsOfFile: path, encoding: .utf8) == RowFormat().csvHeader + RowFormat().csv(row(0)))
        #expect(log.current.bytes == (RowFormat().csvHeader + RowFormat().csv(row(0))).utf8.count)
    }

    @Test func anExistingRecordingIsNotOverwrittenUnlessAskedTo() throws {
        try "precious".write(toFile: path, atomically: true, encoding: .utf8)
        let error = #expect(throws: FileError.self) { try CSVLog(path: path) }
        #expect(error?.description.contains("exists already") == true)
        #expect(try String(contentsOfFile: path, encoding: .utf8) == "precious")
        _ = try CSVLog(path: path, existing: .replaced)
        #expect(try String(contentsOfFile: path, encoding: .utf8) == RowFormat().csvHeader)
    }

    @Test func aFullDeviceAndAMissingFolderAreNamed() throws {
        let full = #expect(throws: FileError.self) { try CSVLog(path: "/dev/full") }
        #expect(full?.description.contains("No space left") == true)
        let missing = #expect(throws: FileError.self) { try CSVLog(path: "/nowhere/x.csv") }
        #expect(missing?.description.contains("\"/nowhere/x.csv\"") == true)
    }

    // MARK: Appending

    @Test func appendingContinuesTheNumbers() throws {
        do {
            let first = try CSVLog(path: path)
            for number in 0..<3 { try first.write(row(number, note: "two\r\n9,lines \"quoted\"")) }
        }
        let whole = try String(contentsOfFile: path, encoding: .utf8)
        // A partial row, as a kill leaves it.
        try (whole + "3,3.000,6.0").write(toFile: path, atomically: false, encoding: .utf8)
        let second = try CSVLog(path: path, existing: .continued)
        try second.write(row(0))
        try second.write(row(1))
        let text = try String(contentsOfFile: path, encoding: .utf8)
        #expect(text.hasPrefix(whole))
        let added = text.dropFirst(whole.count).split(separator: "\r\n")
        #expect(added.map { $0.prefix(8) } == ["3,0.000,", "4,0.000,", "5,1.000,"])
        #expect(added[0].contains("marker") && added[0].contains("appended"))
    }

    @Test(arguments: [
        "precious", "a,b\r\n1,2\r\n", RowFormat().csvHeader + "x,1\r\n", RowFormat().csvHeader + "1,\"lost\r\n2,x\r\n",
    ])
    func appendingToSomethingElseIsRefused(content: String) throws {
        try content.write(toFile: path, atomically: false, encoding: .utf8)
        let error = #expect(throws: FileError.self) { try CSVLog(path: path, existing: .continued) }
        #expect(error?.description.contains("choose another name") == true)
        #expect(try String(contentsOfFile: path, encoding: .utf8) == content)
    }

    @Test(arguments: [false, true]) func appendingToALogOfOtherColumnsNamesTheFlag(holdsLogits: Bool) throws {
        do { try CSVLog(path: path, format: RowFormat(holdsLogits: !holdsLogits)).write(row(0)) }
        let before = try String(contentsOfFile: path, encoding: .utf8)
        let error = #expect(throws: FileError.self) {
            try CSVLog(path: path, existing: .continued, format: RowFormat(holdsLogits: holdsLogits))
        }
        #expect(error?.problem == "it is the log of a session with\(holdsLogits ? "out" : "") --log-logits")
        #expect(try String(contentsOfFile: path, encoding: .utf8) == before)
        let log = try CSVLog(path: path, existing: .continued, format: RowFormat(holdsLogits: !holdsLogits))
        try log.write(row(1))
        #expect(log.current.rows == 2)
    }

    /// The columns before the speaker was among them.
    @Test func appendingToALogOfAnOlderVersionIsRefused() throws {
        let older = RowFormat().csvHeader.replacing(",channel,speaker,baseline", with: "")
            .replacing("smoothed_label,", with: "smoothed_label,baseline,")
        try older.write(toFile: path, atomically: false, encoding: .utf8)
        let error = #expect(throws: FileError.self) { try CSVLog(path: path, existing: .continued) }
        #expect(error?.problem == "its columns are not those of a log of this version")
        #expect(try String(contentsOfFile: path, encoding: .utf8) == older)
    }

    @Test func appendingToNothingBeginsALog() throws {
        let log = try CSVLog(path: path, existing: .continued)
        try log.write(row(0))
        #expect(try numbers(path) == [0])
    }

    // MARK: Faults of the disk and the file

    @Test(.enabled(if: SmallDisk.isAllowed, "only root may mount a small disk"))
    func aFullDiskLosesNoWrittenRowAndTheLostRowsAreReported() throws {
        let disk = try SmallDisk(kilobytes: 64)
        let path = disk.path("a.csv")
        let log = try CSVLog(path: path)
        for number in 0..<3 { try log.write(row(number)) }
        disk.fill()
        var next = 3
        while log.current.trouble == nil, next < 500 {
            try log.write(row(next))
            next += 1
        }
        #expect(log.current.trouble?.contains("No space left") == true)
        let written = log.current.rows
        #expect(try numbers(path) == Array(0..<written), "whole rows only")
        for _ in 0..<4 {
            try log.write(row(next))
            next += 1
        }
        disk.free()
        try log.write(row(next))
        #expect(log.current.trouble == nil && log.current.lost == next - written)
        #expect(try numbers(path) == Array(0...written) + [next], "a row stands for those that are lost")
        let lines = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\r\n")
        let gap = lines[lines.count - 2]
        #expect(gap.hasPrefix("\(written),\(written).000,\(next - 1 + 3).000,"))
        #expect(
            gap.contains(",unlogged,")
                && gap.hasSuffix("\(next - written) rows not written: No space left on device,,,"))
    }

    @Test(.enabled(if: SmallDisk.isAllowed, "only root may mount a small disk"))
    func rowsLostAtTheEndAreReported() throws {
        let disk = try SmallDisk(kilobytes: 16)
        let log = try CSVLog(path: disk.path("a.csv"))
        disk.fill()
        for number in 0..<100 { try log.write(row(number)) }
        let lost = log.current.lost
        #expect(lost > 40)
        disk.free()
        log.finish()
        log.finish()
        let text = try String(contentsOfFile: disk.path("a.csv"), encoding: .utf8)
        #expect(text.hasSuffix("\(lost) rows not written: No space left on device,,,\r\n"))
    }

    @Test func aMovedOrRemovedLogContinuesInANewFile() throws {
        let log = try CSVLog(path: path)
        try log.write(row(0))
        rename(path, path + ".1")
        try log.write(row(1))
        #expect(try numbers(path + ".1") == [0] && numbers(path) == [1])
        unlink(path)
        try log.write(row(2))
        #expect(try numbers(path) == [2])
        truncate(path, 0)
        try log.write(row(3))
        #expect(try numbers(path) == [3])
        #expect(log.current.renewals == 3 && log.current.lost == 0)
    }

    @Test func withoutANewFileRowsGoToTheMovedLogOrAreReported() throws {
        let log = try CSVLog(path: path)
        rename(path, path + ".1")
        try "another's".write(toFile: path, atomically: false, encoding: .utf8)
        try log.write(row(0))
        #expect(try numbers(path + ".1") == [0])
        #expect(try String(contentsOfFile: path, encoding: .utf8) == "another's")
        #expect(log.current.trouble?.contains("moved") == true)
        unlink(path + ".1")
        try log.write(row(1))
        #expect(log.current.lost == 1)
        unlink(path)
        try log.write(row(2))
        #expect(try numbers(path) == [1, 2] && log.current.trouble == nil)
    }

    @Test func discardRemovesALogWithoutRows() throws {
        let log = try CSVLog(path: path)
        log.discard()
        #expect(!FileManager.default.fileExists(atPath: path))
        let second = try CSVLog(path: path)
        try second.write(row(0))
        second.discard()
        #expect(FileManager.default.fileExists(atPath: path))
    }
}
