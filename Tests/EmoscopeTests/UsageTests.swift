import Foundation
import TestSupport
import Testing

@testable import emoscope

/// Wrong input gives its exit code, and a message that names the input.
@Suite(.timeLimit(.minutes(3))) struct UsageTests {
    @Test(arguments: [
        (["--nonsense"], "nonsense"), (["replay"], "files"), (["replay", "--hop", "0", "x.wav"], "--hop"),
        (["replay", "--hop", "abc", "x.wav"], "abc"), (["record"], "out.csv"),
        (["embed", "x.wav", "-o", "x.txt"], ".npy"),
        (["record", "x.csv", "--duration", "-1"], "--duration"), (["predict", "--precision", "fp7", "x.wav"], "fp7"),
        (["evaluate", "--speakers", "a,b", "m.csv"], "is invalid for '--speakers"),
        (["predict", "--unsure", "1.5", "x.wav"], "--unsure"), (["replay", "--silence", "skip", "x.wav"], "skip"),
        (["replay", "--min-recent-speech", "1.1", "x.wav"], "--min-recent-speech"),
    ])
    func wrongUsageIsCodeTwo(arguments: [String], named: String) throws {
        let scratch = try Scratch()
        let run = try launch(arguments, scratch: scratch)
        #expect(run.waitForExit() == 2)
        #expect(try scratch.text("errors").contains(named))
        #expect(try scratch.text("output") == "")
    }

    @Test func aWordThatIsNoCommandGetsAHint() throws {
        let word = try emoscope("listen")
        #expect(word.status == 2 && word.errors.contains("replay"))
        for (typo, command) in [("wach", "watch"), ("recrod", "record"), ("profile", "profiles"), ("Replay", "replay")]
        {
            #expect(try emoscope(typo).errors.contains("did you mean \(command)?"))
        }
        let file = try emoscope(conversation)
        #expect(file.status == 2 && file.errors.contains("emoscope replay \(conversation)"))
    }

    /// The parser's own suggestion for `--speed` was `--append`.
    @Test func aFlagThatIsNoneGetsAdviceThatFits() throws {
        let speed = try emoscope("replay", "--speed", "2", conversation)
        #expect(speed.status == 2 && speed.errors.contains("'--speed': ") && speed.errors.contains("--fast"))
        #expect(!speed.errors.contains("append"), "\(speed.errors)")
        for (arguments, flag) in [
            (["replay", "--fsat", "a.wav"], "--fast"), (["--save-adio", "a.wav"], "--save-audio"),
            (["predict", "--segment", "a.wav"], "--segments"), (["record", "a.csv", "--durtion", "3"], "--duration"),
        ] {
            let run = try emoscope(arguments)
            #expect(run.status == 2 && run.errors.contains("Did you mean '\(flag)'?"), "\(run.errors)")
            #expect(run.errors.contains("\nUsage: "), "the rest of the message stays: \(run.errors)")
        }
        let strange = try emoscope("replay", "--xylophone", "a.wav")
        #expect(strange.status == 2 && strange.errors.contains("'--xylophone'"))
        #expect(!strange.errors.contains("Did you mean"), "\(strange.errors)")
    }

    /// A name in `*.wav` may begin like a flag.
    @Test func aFileThatLooksLikeAFlagIsNotObeyed() throws {
        let scratch = try Scratch()
        try writeWAV(tone(seconds: 1), to: scratch.path("-h.wav"))
        for command in [["predict", "-h.wav"], ["replay", "--fast", "-h.wav"]] {
            let run = try emoscope(command, in: scratch.url)
            #expect(run.status == 2 && run.output == "" && run.errors.contains("-- before the files"), "\(run.errors)")
        }
        for files in [["./-h.wav"], ["--", "-h.wav"]] {
            let run = try emoscope(["predict"] + files, in: scratch.url)
            #expect(run.status == 0 && run.output.contains("-h.wav"), "\(run.errors)")
        }
    }

    /// A log takes no closed descriptor's place, where messages would be written into it.
    @Test func closedDescriptorsAreNotTakenByFiles() throws {
        let scratch = try Scratch()
        try writeWAV(try excerpt(conversation, from: 1, to: 6), to: scratch.path("talk.wav"))
        let program = try builtProduct("emoscope")
        for (name, closed) in [("all", "<&- >&- 2>&-"), ("errors", "2>&-"), ("output", ">&-")] {
            let run = try ChildProcess(
                [
                    "sh", "-c", "cd \"$1\"; exec \"$2\" replay --fast -o \(name).csv talk.wav \(closed)", "sh",
                    scratch.url.path, program,
                ], environment: nil, output: scratch.url.appendingPathComponent("output"))
            #expect((run.waitForExit() == 0) == (name == "errors"), "rows that cannot be written are a failure")
            let text = try scratch.text(name + ".csv")
            #expect(text.hasPrefix("seq,") && !text.contains("{") && !text.contains("windows"))
            if name == "errors" { #expect(Log(text).windows.count == 5) }
        }
    }

    @Test func aNameControlsNoTerminal() throws {
        let scratch = try Scratch()
        try writeWAV(tone(seconds: 1), to: scratch.path("a\u{1B}[8mb.wav"))
        let terminal = try Terminal(columns: 100, rows: 20)
        try terminal.type("cd \(scratch.url.path); clear")
        try terminal.type("\(try builtProduct("emoscope")) predict *.wav; echo ended with $?")
        try terminal.wait(for: "the end", seconds: 30) {
            $0.contains("ended with 0") && $0.contains("a\u{FFFD}[8mb.wav: silence")
        }
        #expect(
            try emoscope("predict", scratch.path("a\u{1B}[8mb.wav")).output.contains("\u{1B}"),
            "a pipe gets the very name")
    }

    @Test func whatIsNotAudioIsNamed() throws {
        let folder = try Scratch()
        for (path, words) in [
            ("/etc/passwd", "passwd"), ("/nowhere.wav", "nowhere"), (folder.url.path, "holds no recording"),
        ] {
            let run = try emoscope("replay", "--fast", path)
            #expect(run.status == 1)
            #expect(run.errors.hasPrefix("emoscope: ") && run.errors.contains(words), "\(run.errors)")
            #expect(run.output == "")
        }
    }

    @Test func aMissingDeviceIsCodeThree() throws {
        let scratch = try Scratch()
        let run = try emoscope("record", scratch.path("out.csv"), "-D", "no-such-device")
        #expect(run.status == 3)
        #expect(run.errors.contains("no-such-device"))
        #expect(
            !FileManager.default.fileExists(atPath: scratch.path("out.csv")), "nothing is left in the way of a retry")
    }

    @Test func weightsThatAreNoneAreCodeFour() throws {
        let run = try emoscope("predict", conversation, "--weights", "/etc/passwd")
        #expect(run.status == 4)
        #expect(run.errors.contains("/etc/passwd"))
    }

    @Test func aLogThatCannotBeWrittenIsCodeFive() throws {
        let run = try emoscope("replay", "--fast", conversation, "-o", "/nowhere/out.csv")
        #expect(run.status == 5)
        #expect(run.errors.contains("/nowhere/out.csv"))
    }

    @Test func anExistingRecordingIsRefusedAndForceReplacesIt() throws {
        let scratch = try Scratch()
        try writeWAV(tone(seconds: 3), to: scratch.path("a.wav"))
        try "precious".write(toFile: scratch.path("out.csv"), atomically: true, encoding: .utf8)
        let refused = try emoscope("replay", "--fast", scratch.path("a.wav"), "-o", scratch.path("out.csv"))
        #expect(refused.status == 5)
        #expect(try scratch.text("out.csv") == "precious")
        let forced = try emoscope("replay", "--fast", "--force", scratch.path("a.wav"), "-o", scratch.path("out.csv"))
        #expect(forced.status == 0)
        #expect(try scratch.text("out.csv").hasPrefix("seq,"))
    }

    @Test func helpListsTheCommandsAndVersionHasAShortForm() throws {
        let help = try emoscope("--help")
        #expect(help.status == 0)
        for word in [
            "watch", "record", "replay", "predict", "embed", "evaluate", "manifest", "speakers", "devices", "weights",
            "Exit codes",
        ] {
            #expect(help.output.contains(word))
        }
        #expect(try emoscope("-V").output == emoscope("--version").output)
    }

    /// A commit is named where the program was built to be installed; the weights are those that ship.
    @Test func theVersionNamesCommitAndWeights() throws {
        let lines = try emoscope("--version").lines
        #expect(try lines == emoscope("watch", "--version").lines)
        #expect(lines.count == 3 && lines[0] == "emoscope \(Version.number)")
        let commit = try #require(lines[1].wholeMatch(of: /commit   (not known|[0-9a-f]{7,40}(?:-dirty)?)/)).1
        if commit != "not known" {
            let git = try ChildProcess([
                "git", "-C", root.path, "cat-file", "-e", String(commit.prefix { $0 != "-" }) + "^{commit}",
            ])
            #expect(git.waitForExit() == 0, "\(commit) is a commit of this repository")
        }
        let sum = try #require(
            emoscope("weights", "info").lines.last { $0.hasPrefix("sha256") }?.split(separator: " ").last)
        #expect(lines[2] == "weights  emoscope.safetensors, sha256 \(sum.prefix(12))")
    }

    /// `emoscope … | head` ends when head closes the pipe.
    @Test func aClosedPipeIsNoFailure() throws {
        let scratch = try Scratch()
        let program = try builtProduct("emoscope")
        let run = try ChildProcess(
            ["bash", "-c", "\"$0\" replay --fast -q \"$1\" | head -n 2; exit ${PIPESTATUS[0]}", program, conversation],
            output: scratch.url.appendingPathComponent("output"))
        #expect(run.waitForExit() == 0)
        #expect(try scratch.text("output").split(separator: "\n").count == 2)
    }

    /// Every command that prints says where its output could not be written, and exits with the code of an output file.
    @Test(
        arguments: [
            ["--help"], ["--version"], ["predict", "--help"], ["--generate-completion-script", "bash"],
            ["predict", "a.wav"],
            ["predict", "--json", "a.wav"], ["predict", "--segments", "a.wav"],
            ["replay", "--fast", "--json", "a.wav"],
            ["evaluate", "m.csv"], ["manifest", "emodb", "corpus"], ["weights", "info"], ["weights", "verify"],
            ["speakers", "a.csv"],
        ])
    func outputThatCannotBeWrittenIsAFailure(arguments: [String]) throws {
        let scratch = try Scratch()
        try writeWAV(try excerpt(conversation, from: 1, to: 4.4), to: scratch.path("a.wav"))
        try FileManager.default.createDirectory(
            at: scratch.url.appendingPathComponent("corpus"), withIntermediateDirectories: true)
        try writeWAV(try excerpt(conversation, from: 1, to: 2), to: scratch.path("corpus/03a01Fa.wav"))
        try "path,speaker,emotion,corpus\na.wav,s,sad,x\n"
            .write(toFile: scratch.path("m.csv"), atomically: true, encoding: .utf8)
        #expect(try emoscope("replay", "--speakers", "2", "-q", "-o", "a.csv", "a.wav", in: scratch.url).status == 0)
        let run = try ChildProcess(
            [
                "sh", "-c", "cd \"$1\"; shift; exec \"$@\" >/dev/full 2>errors", "sh", scratch.url.path,
                try builtProduct("emoscope"),
            ] + arguments, output: scratch.url.appendingPathComponent("output"))
        #expect(run.waitForExit() == 5, "\(arguments)")
        let errors = try scratch.text("errors")
        #expect(errors.contains("cannot write \"standard output\""), "\(errors)")
    }
}
