import EmotionFiles
import Foundation
import TestSupport
import Testing

/// Text of unknown origin must not run as a formula in a spreadsheet.
@Suite struct CSVWriterTests {
    private let starts = "=+-@\t\r\n\u{FF1D}\u{FF0B}\u{FF0D}\u{FF20}".unicodeScalars

    /// Decodes a cell as the README says: an apostrophe stands before each such character with which a cell could
    /// begin.
    private func text(of cell: String) -> String {
        var cell = cell
        if cell.hasPrefix("\"") { cell = String(cell.dropFirst().dropLast()).replacing("\"\"", with: "\"") }
        var out = String.UnicodeScalarView()
        var mayBegin = true
        for scalar in cell.unicodeScalars {
            if mayBegin, starts.contains(scalar), out.last == "'" { out.removeLast() }
            out.append(scalar)
            mayBegin = ",;\t\r\n".unicodeScalars.contains(scalar) || mayBegin && "\"' ".unicodeScalars.contains(scalar)
        }
        return String(out)
    }

    @Test(arguments: [
        "=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "=cmd|' /C calc'!A0", "a;=1", "a,\"=1\"", "'=1", "''=1",
        "\"=1", " =1", "＝1", "x\n+1", "-", "a\t@b",
    ])
    func aFormulaGetsAnApostrophe(note: String) {
        let cell = CSVWriter.formulaSafeCell(note)
        // No cell begins as a formula, however a spreadsheet splits the line.
        for part in cell.split(whereSeparator: { ",;\t\r\n".contains($0) || $0 == "\r\n" }) {
            let begin = part.drop { $0 == "\"" || $0 == " " }
            #expect(begin.unicodeScalars.first.map(starts.contains) != true, "\(cell)")
        }
        #expect(text(of: cell) == note)
    }

    @Test func plainTextStaysAsItIs() {
        for note in ["plain", "'tis", "a-b", "1-2", "x = y", "marker 1", "/tmp/a-b.wav", "ünï", "don't"] {
            #expect(CSVWriter.formulaSafeCell(note) == note)
        }
    }

    @Test func aFormulaSafeCellReadsBackUnchanged() throws {
        var random = SystemRandomNumberGenerator()
        let alphabet = Array("=+-@\t\r\n'\", ;a".unicodeScalars) + ["\u{FF1D}"]
        for _ in 0..<20_000 {
            var note = String.UnicodeScalarView()
            for _ in 0..<Int.random(in: 0..<8, using: &random) { note.append(alphabet.randomElement(using: &random)!) }
            #expect(
                text(of: CSVWriter.formulaSafeCell(String(note))).unicodeScalars.elementsEqual(note), "\(Array(note))")
            var reader = try CSVReader(Array((CSVWriter.formulaSafeCell(String(note)) + ",\n").utf8))
            let cell = try #require(try reader.next()?.first)
            #expect(CSVWriter.plainText(ofSafe: cell).unicodeScalars.elementsEqual(note), "\(Array(note))")
        }
    }

    @Test func anExactCellReadsBackByteForByte() throws {
        for text in ["=1+1", "a,b", "say \"hi\"", "two\r\nlines", "\r", "", " a ", "a;b", "\u{FEFF}x"] {
            let record = CSVWriter().record([CSVWriter().cell("first"), CSVWriter().cell(text), "last"])
            var reader = try CSVReader(Array(record.utf8))
            #expect(try reader.next() == ["first", text, "last"])
            #expect(try reader.next() == nil)
        }
    }
}

@Suite struct CSVReaderTests {
    private func records(_ text: String) throws -> [[String]] {
        var reader = try CSVReader(Array(text.utf8))
        var records: [[String]] = []
        while let cells = try reader.next() { records.append(cells) }
        return records
    }

    @Test func linesMayEndInLineFeedOrBothAndEmptyLinesAreSkipped() throws {
        #expect(try records("a,b\nc,d\r\n\n\r\ne,f") == [["a", "b"], ["c", "d"], ["e", "f"]])
        #expect(try records("a,\r\n,\r\n\r") == [["a", ""], ["", ""]])
        #expect(try records("a\rb,c\r\r\n") == [["a\rb", "c\r"]], "a return inside a line is text")
        #expect(try records("") == [])
    }

    @Test func quotedCellsHoldCommasLineBreaksAndQuotes() throws {
        #expect(try records("\"a,\"\"b\"\"\r\n\",\"\"\r\n\"\"\n") == [["a,\"b\"\r\n", ""], [""]])
    }

    @Test(
        arguments: [
            ("a\nb\"c\n", 2, "not quoted"), ("\"a\nb\"\n\"c\"d\n", 3, "after a closing quote"),
            ("\"a\"\rb", 1, "after a closing quote"), ("a\n\"b\nc", 2, "never closed"), ("a\n\u{0}", 2, "NUL"),
        ])
    func theErrorNamesTheLineOfTheRecord(text: String, line: Int, words: String) {
        let error = #expect(throws: CSVError.self) { try records(text) }
        #expect(error?.line == line && error?.problem.contains(words) == true, "\(String(describing: error))")
    }

    @Test func theHeaderTellsTheDialect() throws {
        #expect(try records("\u{FEFF}a;b\r\n1,5;\"x;y\"\r\n") == [["a", "b"], ["1,5", "x;y"]])
        #expect(try records("\r\n\"a,;\";b\r\n1,5;x\r\n") == [["a,;", "b"], ["1,5", "x"]])
        #expect(try records("a\r\nx;y\r\n") == [["a"], ["x;y"]], "a header of one column")
        #expect(try records("a,b;c\r\n") == [["a", "b;c"]])
        #expect(CSVDialect.excelEU.number("-1,5") == -1.5 && CSVDialect.rfc4180.number("-1.5") == -1.5)
        #expect(CSVDialect.rfc4180.number("1,5") == nil && CSVDialect.excelEU.number("nan") == nil)
    }

    @Test(arguments: CSVDialect.allCases) func whatAWriterWritesReadsBack(dialect: CSVDialect) throws {
        let writer = CSVWriter(dialect)
        let cells = ["a,b", "a;b", "say \"hi\"", "two\r\nlines", ""]
        let text =
            writer.header(["n", "a", "b", "c", "d", "e"])
            + writer.record([writer.number(-0.5, places: 2)] + cells.map(writer.cell))
        let rows = try records(text)
        #expect(rows.count == 2 && rows[1].dropFirst() == cells[...] && dialect.number(rows[1][0]) == -0.5)
    }

    @Test func aRecordKeepsItsBytesAndThePlacesOfItsCells() throws {
        var record = CSVRecord(line: 1)
        let bytes = Array("a,\"b \"\"c\"\",\r\n\",,\"\"\r\n".utf8)
        for (index, byte) in bytes.enumerated() { #expect(try record.take(byte) == (index == bytes.count - 1)) }
        #expect(record.bytes == bytes)
        #expect(
            record.cells.map { String(decoding: bytes[$0], as: UTF8.self) } == [
                "a", "\"b \"\"c\"\",\r\n\"", "", "\"\"",
            ])
        #expect(try record.cells.indices.map { try record.text($0) } == ["a", "b \"c\",\r\n", "", ""])
    }

    @Test func aRecordIsBounded() throws {
        let longest = String(repeating: "x", count: CSVRecord.maximum)
        #expect(try records(longest + "\n") == [[longest]])
        let error = #expect(throws: CSVError.self) { try records("a\n" + longest + "x\n") }
        #expect(error?.line == 2 && error?.problem == "is longer than 64 KiB")
    }
}

@Suite struct CSVFileReaderTests {
    private func records(_ bytes: [UInt8]) throws -> (mark: [UInt8], records: [CSVRecord]) {
        let scratch = try Scratch()
        try Data(bytes).write(to: URL(fileURLWithPath: scratch.path("a.csv")))
        var reader = try CSVFileReader(RegularFile(scratch.path("a.csv")))
        var records: [CSVRecord] = []
        while let record = try reader.next() { records.append(record) }
        return (reader.mark, records)
    }

    @Test func theRecordsAreTheFileByteForByte() throws {
        let long = String(repeating: "x", count: 50_000)
        for text in ["", "a", "a,b\n", "\u{FEFF}a,b\r\n\r\n\n\"c\nd\",e\r\nf,g", "a\n\(long)\n\(long),\"b"] {
            let (mark, records) = try records(Array(text.utf8))
            #expect(mark + records.flatMap(\.bytes) == Array(text.utf8))
        }
        let (_, many) = try records(Array(String(repeating: "\(long)\r\n", count: 5).utf8))
        #expect(many.map(\.line) == [1, 2, 3, 4, 5] && many.allSatisfy { $0.cells == [0..<50_000] })
    }

    @Test func aRecordThatBreaksOffInAQuoteHasTheCellsBeforeIt() throws {
        let last = try #require(try records(Array("a,b,c\n1,2,\"th".utf8)).records.last)
        #expect(last.cells == [0..<1, 2..<3] && last.line == 2)
    }

    @Test(arguments: [
        ("a\nb\"c\n", "line 2 has a quote inside"), ("a\n\"b\nc", "line 2 opens a quote"),
        ("a\nb\u{0}", "line 2 holds a NUL"),
        ("a\n" + String(repeating: ",", count: 65_537), "line 2 is longer"),
    ])
    func theErrorNamesFileAndLine(text: String, words: String) {
        let error = #expect(throws: CSVFileError.self) { try records(Array(text.utf8)) }
        #expect(error?.description.hasPrefix("cannot read \"/") == true && error?.problem.contains(words) == true)
    }
}
