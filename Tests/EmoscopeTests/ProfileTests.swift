import Foundation
import TestSupport
import Testing

/// Voice profiles, through the program.
@Suite(.timeLimit(.minutes(5))) struct ProfileTests {
    @Test func aProfileIsMadeListedUsedAndRemoved() throws {
        let home = try ProfileHome()
        let speech = try home.neutralSpeech(times: 4)
        let made = try home.emoscope("calibrate", "anna", "--from", speech)
        #expect(made.status == 0 && made.output.contains("--profile anna"), "\(made.errors)")
        let size = try FileManager.default.attributesOfItem(atPath: home.path("anna"))[.size] as? Int
        #expect(size ?? .max < 100_000, "it holds no sound")
        let listed = try home.emoscope("profiles")
        #expect(listed.output.contains("anna") && listed.output.contains("emoscope.safetensors"), "\(listed.output)")
        // What the command said was heard and kept is what the list says.
        let seconds = made.output.split(separator: " ").compactMap { Double($0) }
        try #require(seconds.count == 2 && seconds[0] > seconds[1] && seconds[1] >= 0.8 * seconds[0])
        let row = try #require(listed.lines.first { $0.contains("anna") })
        #expect(row.split(separator: " ").compactMap { Double($0) } == seconds, "\(row)")

        let plain = try home.emoscope("predict", "--json", conversation)
        let known = try home.emoscope("predict", "--json", "--profile", "anna", conversation)
        #expect(known.status == 0 && known.output.contains("\"baseline\":\"anna\"") && known.output != plain.output)

        let twice = try home.emoscope("calibrate", "anna", "--from", speech)
        #expect(twice.status == 5 && twice.errors.contains("--force"))
        #expect(try home.emoscope("calibrate", "anna", "--from", speech, "--force").status == 0)
        let others = try home.emoscope("predict", "--weights", "open", "--profile", "anna", conversation)
        #expect(others.status == 4 && others.errors.contains("other weights"), "\(others.errors)")
        #expect(try home.emoscope("profiles", "--weights", "open").output.contains("of other weights"))
        let removed = try home.emoscope("profiles", "remove", "anna", "anna")
        #expect(removed.status == 0, "a name that is given twice is removed once: \(removed.errors)")
        #expect(try home.emoscope("profiles").errors.contains("no profiles yet"))
    }

    /// A profile of the format before is used as it was, and the list says what it lacks.
    @Test func aProfileWithoutAVoiceIsStillRead() throws {
        let home = try ProfileHome()
        try #require(try home.emoscope("calibrate", "anna", "--from", home.neutralSpeech()).status == 0)
        func row() throws -> [Substring] {
            try #require(try home.emoscope("profiles").lines.first { $0.contains("anna") }).split(separator: " ")
        }
        #expect(try row().contains("yes") && !row().contains("again"))
        let known = try home.emoscope("predict", "--json", "--profile", "anna", conversation)
        try home.makeOld("anna")
        #expect(try row().contains("no") && row().suffix(2) == ["calibrate", "again"])
        #expect(try home.emoscope("predict", "--json", "--profile", "anna", conversation).output == known.output)
        let session = try home.emoscope("replay", "--fast", "-q", "--profile", "anna", conversation)
        #expect(session.status == 0 && session.output.contains("\"baseline\":\"anna\""), "\(session.errors)")
        let shared = try home.emoscope("replay", "--fast", "--speakers", "2", "--profile", "anna", conversation)
        #expect(shared.status == 2 && shared.output == "", "\(shared.errors)")
        #expect(shared.errors.contains("before profiles held the voice"), "\(shared.errors)")
        #expect(shared.errors.contains("emoscope calibrate anna --force"), "\(shared.errors)")
    }

    /// A list needs the header of the weights, not the network: it works where no network could be made.
    @Test func aListReadsTheHeaderOfTheWeightsAlone() throws {
        let home = try ProfileHome()
        try #require(try home.emoscope("calibrate", "anna", "--from", home.neutralSpeech()).status == 0)
        var weights = try Data(contentsOf: root.appendingPathComponent("Weights/emoscope.safetensors"))
        let name = try #require(weights.range(of: Data("cls_head.bias".utf8)))
        weights.replaceSubrange(name, with: Data("cls_head.bend".utf8))
        try weights.write(to: home.scratch.url.appendingPathComponent("bent.safetensors"))
        let bent = home.scratch.path("bent.safetensors")
        #expect(try home.emoscope("predict", "--weights", bent, conversation).status == 4)
        let listed = try home.emoscope("profiles", "--weights", bent)
        #expect(listed.status == 0 && listed.output.contains("anna"), "\(listed.errors)")
    }

    @Test func onlyTheOwnerMayReadAProfileWhateverTheUmask() throws {
        let home = try ProfileHome()
        let run = try ChildProcess(
            [
                "sh", "-c", "umask 0; exec \"$@\"", "sh", try builtProduct("emoscope"), "calibrate", "anna", "--from",
                try home.neutralSpeech(),
            ], environment: home.environment)
        #expect(run.waitForExit() == 0)
        func mode(_ path: String) throws -> Int? {
            try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
        }
        #expect(try mode(home.path("anna")) == 0o600)
        #expect(try mode(home.folder) == 0o700 && mode(home.scratch.path("data")) == 0o700)
    }

    @Test func whatCannotBeUsedIsAnErrorThatSaysWhatWorks() throws {
        let home = try ProfileHome()
        try home.makeFolder()
        for content in [
            "", "{\"format\": 1}", String(repeating: "x", count: 2 << 20),
            #"{"format":"emoscope-profile/1","emoscope":"","name":"bad","date":"","source":"","seconds":9,"weights":"","#
                + #""heard_seconds":9,"sha256":"","representation":[1],"#
                + #""logits":{"angry":1e30,"happy":0,"neutral":0,"sad":0}}"#,
        ] {
            try content.write(toFile: home.path("bad"), atomically: true, encoding: .utf8)
            let run = try home.emoscope("predict", "--profile", "bad", conversation)
            #expect(run.status == 1, "\(content.prefix(40)): \(run.status)")
            for words in ["bad.json", "emoscope calibrate bad --force"] {
                #expect(run.errors.contains(words), "\(content.prefix(40)): \(run.errors)")
            }
        }
        let list = try home.emoscope("profiles")
        #expect(list.status == 0 && list.output.contains("emoscope calibrate bad --force"), "\(list.output)")
        for (arguments, status, words) in [
            (["predict", "--profile", "nobody", conversation], 2, "there are bad"),
            (["calibrate", "auto", "--from", conversation], 2, "word of the log"),
            (["calibrate", "../x", "--from", conversation], 2, "letters, digits"),
            (["calibrate", "2", "--from", conversation], 2, "cannot name a speaker"),
            (["calibrate", String(repeating: "a", count: 25), "--from", conversation], 2, "cannot name a speaker"),
            (["replay", "--speakers", "2", "--profile", "1", conversation], 2, "cannot name a speaker"),
            (["replay", "--speakers", "auto", "--profile", "nobody", conversation], 2, "there are bad"),
            (["predict", "--profile", "../../x", conversation], 2, "letters, digits"),
            (["replay", "--profile", "bad", "--baseline", "auto", conversation], 2, "give one of them"),
            (["predict", "--profile", "bad", "--baseline", "whole", conversation], 2, "give one of them"),
            (["watch", "--baseline", "whole"], 2, "needs a recording"),
            (["record", home.scratch.path("a.csv"), "--baseline", "whole"], 2, "needs a recording"),
            (["profiles", "remove", "bad", "nobody"], 2, "no profile"),
        ] as [([String], Int32, String)] {
            let run = try home.emoscope(arguments)
            #expect(run.status == status && run.errors.contains(words), "\(arguments): \(run.errors)")
        }
        #expect(home.exists("bad"), "what is removed with a name that is wrong stays")
        #expect(!FileManager.default.fileExists(atPath: home.scratch.path("a.csv")))
    }

    /// A folder, a FIFO and a link that leads nowhere, each in place of a profile: the advice works.
    @Test func whatIsNoFileInPlaceOfAProfileIsNamedWithAdviceThatWorks() throws {
        let home = try ProfileHome()
        try home.makeFolder()
        try FileManager.default.createDirectory(atPath: home.path("folder"), withIntermediateDirectories: false)
        #expect(mkfifo(home.path("fifo"), 0o600) == 0)
        try FileManager.default.createSymbolicLink(atPath: home.path("loop"), withDestinationPath: "loop.json")
        let list = try home.emoscope("profiles")
        #expect(list.status == 0, "\(list.errors)")
        for (name, words) in [
            ("folder", "move it away"), ("fifo", "move it away"), ("loop", "emoscope profiles remove loop"),
        ] {
            let run = try home.emoscope("predict", "--profile", name, conversation)
            #expect(
                run.status == 1 && run.errors.contains("\(name).json") && run.errors.contains(words), "\(run.errors)")
            let row = list.lines.first { $0.contains(name) }
            #expect(row?.contains(words) == true, "\(list.output)")
            // Refused before somebody speaks in vain: the microphone, which is not there, is not opened.
            let made = try home.emoscope("calibrate", name, "--force", "-D", "nowhere")
            #expect(made.status == 5 && made.errors.contains("\(name).json"), "\(made.errors)")
            #expect(
                made.errors.contains("choose another name") && !made.errors.contains("a file in it"), "\(made.errors)")
        }
        #expect(try home.emoscope("profiles", "remove", "loop", "fifo").status == 0)
        let folder = try home.emoscope("profiles", "remove", "folder")
        #expect(folder.status == 5 && folder.errors.contains("move it away"), "\(folder.errors)")
        #expect(try home.emoscope("calibrate", "fifo", "--from", home.neutralSpeech()).status == 0)
    }

    @Test func aFolderThatCannotBeMadeIsNamedWithWhatWorks() throws {
        let home = try ProfileHome()
        try "".write(toFile: home.scratch.path("data"), atomically: true, encoding: .utf8)
        let run = try home.emoscope("calibrate", "anna", "-D", "nowhere")
        #expect(run.status == 5 && run.errors.contains("XDG_DATA_HOME"), "\(run.errors)")
    }
}
