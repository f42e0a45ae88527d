import Foundation
import TestSupport
import Testing

/// Faults of the log and the saved sound during a session: full disk, moved and removed files.
@Suite(.serialized, .timeLimit(.minutes(5))) struct SavingTests {
    private func numbers(_ log: Log) -> [Int] { log.column("seq").compactMap { Int($0) } }

    private func session(_ scratch: Scratch, _ log: String, _ options: String...) throws -> ChildProcess {
        try launch(["replay", "--realtime", "--hop", "0.1", conversation, "-o", log] + options, scratch: scratch)
    }

    private func waitForRows(_ count: Int, in path: String) throws {
        try waitUntil("\(path) has \(count) rows") {
            Log((try? String(contentsOfFile: path, encoding: .utf8)) ?? "").rows.count >= count
        }
    }

    @Test(.enabled(if: SmallDisk.isAllowed, "only root may mount a small disk"))
    func aFullDiskIsReportedAtOnceAndWritingResumesWhenThereIsRoom() throws {
        let (scratch, disk) = (try Scratch(), try SmallDisk(kilobytes: 4096))
        let (csv, wav) = (disk.path("a.csv"), disk.path("a.wav"))
        let program = try session(scratch, csv, "--save-audio", wav)
        try waitForRows(3, in: csv)
        disk.fill()
        try waitUntil("both faults are reported") {
            let text = try scratch.text("errors")
            return text.contains("a.csv\": No space left") && text.contains("a.wav\": No space left")
        }
        usleep(1_500_000)
        let full = Log(try String(contentsOfFile: csv, encoding: .utf8))
        #expect(numbers(full) == Array(0..<full.rows.count), "whole rows only")
        _ = try excerpt(wav, from: 0, to: 0.1)
        disk.free()
        try waitUntil("both files are written again") {
            try String(contentsOfFile: csv, encoding: .utf8).contains("unsaved")
                && scratch.text("errors").contains("log writing resumed")
        }
        usleep(500_000)
        program.kill(SIGINT)
        #expect(program.waitForExit() == 5)

        let log = Log(try String(contentsOfFile: csv, encoding: .utf8))
        let gap = try #require(log.rows.firstIndex { $0["status"] == "unlogged" })
        let note = try #require(log.rows[gap]["note"])
        let numbers = numbers(log)
        #expect(note == "\(numbers[gap + 1] - numbers[gap]) rows not written: No space left on device")
        #expect(Array(numbers[...gap]) == Array(0...gap))
        #expect(Array(numbers[(gap + 1)...]) == Array(numbers[gap + 1]..<numbers[gap + 1] + numbers.count - gap - 1))
        // The sound keeps stream time: silence where sound is missing, the conversation before and after it.
        let unsaved = try #require(log.rows.first { $0["status"] == "unsaved" })
        let (start, end) = (Double(unsaved["start_s"]!)!, Double(unsaved["end_s"]!)!)
        let saved = try excerpt(wav, from: 0, to: 100)
        let heard = try excerpt(conversation, from: 0, to: 100)
        let (from, to) = (Int((start * 16_000).rounded()), Int((end * 16_000).rounded()))
        #expect(to > from && saved.count > to)
        #expect(Array(saved[..<from]) == Array(heard[..<from]))
        #expect(saved[from..<to].allSatisfy { $0 == 0 })
        #expect(Array(saved[to...]) == Array(heard[to..<saved.count]))
        #expect(try scratch.text("errors").contains("rows are missing in"))
    }

    @Test(.enabled(if: SmallDisk.isAllowed, "only root may mount a small disk"))
    func theDashboardReportsAFullDiskAndContinues() throws {
        let disk = try SmallDisk(kilobytes: 256)
        let terminal = try Terminal(columns: 120, rows: 36)
        try terminal.type(
            "\(try builtProduct("emoscope")) replay --hop 0.1 -o \(disk.path("a.csv")) \(conversation); echo ended with $?"
        )
        try waitForRows(2, in: disk.path("a.csv"))
        disk.fill()
        try terminal.wait(for: "the fault", seconds: 30) { $0.contains("No space left on device") }
        let before = try terminal.text()
        try terminal.wait(for: "motion") { $0 != before && $0.contains("No space left on device") }
        disk.free()
        try terminal.wait(for: "the message that writing resumed", seconds: 30) { $0.contains("log writing resumed") }
        try terminal.send("q")
        let text = try terminal.wait(for: "the end", seconds: 30) { $0.contains("ended with 5") }
        #expect(text.contains("missing"))
    }

    @Test func aMovedOrRemovedLogContinuesInANewFileAndTheMessagesSaySo() throws {
        let scratch = try Scratch()
        let path = scratch.path("a.csv")
        let program = try session(scratch, path)
        try waitForRows(3, in: path)
        rename(path, scratch.path("a.1.csv"))
        try waitForRows(3, in: path)
        let moved = Log(try scratch.text("a.1.csv"))
        let second = Log(try scratch.text("a.csv"))
        #expect(numbers(second).first == numbers(moved).last.map { $0 + 1 }, "no row is lost between the two")
        unlink(path)
        try waitForRows(3, in: path)
        program.kill(SIGINT)
        #expect(program.waitForExit() == 0)
        #expect(Log(try scratch.text("a.csv")).header == moved.header)
        #expect(try scratch.text("errors").contains("was moved or removed; the log continues in a new file"))
        #expect(try scratch.text("output").contains("continued in a new file 2 times"))
    }

    // MARK: Files that are there already

    @Test func appendContinuesALogAndNumbersTheDescription() throws {
        let scratch = try Scratch()
        try writeWAV(tone(seconds: 4), to: scratch.path("a.wav"))
        for _ in 0..<2 {
            let run = try emoscope("replay", "--fast", "--append", scratch.path("a.wav"), "-o", scratch.path("out.csv"))
            #expect(run.status == 0, "\(run.errors)")
        }
        let log = Log(try scratch.text("out.csv"))
        #expect(numbers(log) == Array(0..<7) && log.rows[3]["status"] == "marker")
        #expect(log.column("end_s") == ["3.000", "3.500", "4.000", "0.000", "3.000", "3.500", "4.000"])
        #expect(FileManager.default.fileExists(atPath: scratch.path("out-2.json")))
        try "a,b\r\n".write(toFile: scratch.path("other.csv"), atomically: true, encoding: .utf8)
        let refused = try emoscope("replay", "--append", scratch.path("a.wav"), "-o", scratch.path("other.csv"))
        #expect(refused.status == 5 && refused.errors.contains("not those of a log of this version"))
        #expect(try emoscope("replay", "--append", "--force", scratch.path("a.wav"), "-o", "x.csv").status == 2)
    }

    @Test func everyOutputRefusesALink() throws {
        let scratch = try Scratch()
        try writeWAV(tone(seconds: 3), to: scratch.path("a.wav"))
        let checkpoint = root.appendingPathComponent("Tests/ModelTests/Goldens/tiny-old.pt").path
        try "precious".write(toFile: scratch.path("precious"), atomically: true, encoding: .utf8)
        for name in ["l.csv", "l.json", "l.wav", "l.npy", "l.safetensors"] {
            try FileManager.default.createSymbolicLink(atPath: scratch.path(name), withDestinationPath: "precious")
        }
        for command in [
            ["replay", "--fast", scratch.path("a.wav"), "-o", scratch.path("l.csv")],
            [
                "replay", "--fast", scratch.path("a.wav"), "-o", scratch.path("ok.csv"), "--save-audio",
                scratch.path("l.wav"),
            ],
            ["embed", scratch.path("a.wav"), "-o", scratch.path("l.npy")],
            [
                "weights", "import", checkpoint, "-o", scratch.path("l.safetensors"), "--heads", "4", "--tap", "2",
                "--encoder-heads", "4",
            ],
        ] {
            let run = try launch(command + ["--force"], scratch: scratch)
            #expect(run.waitForExit() == 5, "\(command)")
            #expect(try scratch.text("errors").contains("link"), "\(command)")
        }
        // The description's name is a link: the log, which was made first, is removed again.
        unlink(scratch.path("l.csv"))
        let run = try emoscope("replay", "--fast", scratch.path("a.wav"), "-o", scratch.path("l.csv"))
        #expect(run.status == 5 && run.errors.contains("l.json"))
        #expect(try scratch.text("precious") == "precious")
        #expect(!FileManager.default.fileExists(atPath: scratch.path("l.csv")))
        #expect(
            !FileManager.default.fileExists(atPath: scratch.path("ok.csv")), "nothing is in the way of the next try")
    }

    @Test func aDashboardThatCannotOpenLeavesNoFiles() throws {
        let scratch = try Scratch()
        let terminal = try Terminal(columns: 100, rows: 20)
        try terminal.type(
            "cd \(scratch.url.path); env -u TERM \(try builtProduct("emoscope")) replay -o a.csv --save-audio a.wav "
                + "\(conversation); echo ended with $?")
        let text = try terminal.wait(for: "the end", seconds: 60) { $0.contains("ended with ") }
        #expect(text.contains("TERM") && !text.contains("ended with 0"))
        #expect(try FileManager.default.contentsOfDirectory(atPath: scratch.url.path) == [])
    }
}
