import Foundation
import Testing

@testable import EmotionEvaluation

struct RTTMTests {
    private func read(_ text: String) throws -> RTTM {
        let tree = try Tree()
        return try RTTM(path: tree.write("a.rttm", text))
    }

    @Test func turnsOfEachRecordingAreRead() throws {
        let found = try read(
            """
            ;; a comment
            SPKR-INFO dev00 1 <NA> <NA> <NA> unknown MEE009 <NA> <NA>
            SPEAKER dev00 1 1.440 11.872 <NA> <NA> MÉO009 <NA> <NA>\r

            SPEAKER tst00 1 0.5 2 <NA> <NA> a <NA>
            SPEAKER  dev00\t1 20 0 <NA> <NA> b <NA> <NA>
            SPEAKER dev00 1 30 1.5 <NA> <NA> b <NA> <NA>
            """)
        #expect(found.recordings.keys.sorted() == ["dev00", "tst00"])
        #expect(
            found.recordings["dev00"] == [
                SpeakerTurn(speaker: "MÉO009", start: 1.44, end: 1.44 + 11.872),
                SpeakerTurn(speaker: "b", start: 30, end: 31.5),
            ])
        #expect(found.recordings["tst00"] == [SpeakerTurn(speaker: "a", start: 0.5, end: 2.5)])
    }

    @Test(arguments: [
        ("SPEAKER a 1 0 1\n", "line 1: has 5 fields, fewer than 8"),
        ("\nSPEAKER a 1 x 1 <NA> <NA> b\n", "line 2: has the times \"x\" and \"1\""),
        ("SPEAKER a 1 0 -1 <NA> <NA> b\n", "has the times \"0\" and \"-1\""),
        ("SPEAKER a 1 nan 1 <NA> <NA> b\n", "has the times \"nan\""),
        ("SPEAKER a 1 0 1e300 <NA> <NA> b\n", "and \"1e300\""),
        ("SPEAKER a 1 0 1 <NA> <NA> b\0\n", "is no UTF-8 text"),
        (";; nothing\n", "holds no turn of a speaker"),
        ("", "holds no turn of a speaker"),
    ]) func whatIsNoRTTMIsNamed(text: String, words: String) {
        expectError(naming: words) { try read(text) }
    }

    @Test func hostileFilesAreBounded() throws {
        expectError(naming: "line 1: is longer than 4096 bytes") {
            try read("SPEAKER " + String(repeating: "x", count: 5000))
        }
        let names = (0...RTTM.maximumSpeakers).map { "SPEAKER a 1 \($0) 1 <NA> <NA> s\($0)\n" }.joined()
        expectError(naming: "names one speaker more than 100 of the recording \"a\"") { try read(names) }
        expectError(naming: "is one turn more than 100000") {
            try read(String(repeating: "SPEAKER a 1 0 1 <NA> <NA> b\n", count: RTTM.maximumTurns + 1))
        }
        let tree = try Tree()
        let file = try tree.write("a.rttm", "SPEAKER a 1 0 1 <NA> <NA> \u{FF}")
        try (Data("SPEAKER a 1 0 1 <NA> <NA> ".utf8) + [0xFF]).write(to: URL(fileURLWithPath: file))
        expectError(naming: "is no UTF-8 text") { try RTTM(path: file) }
        expectError(naming: "is no regular file") { try RTTM(path: tree.path) }
        expectError(naming: "cannot be read") { try RTTM(path: tree.path + "/none") }
    }
}
