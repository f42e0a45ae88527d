import Foundation
import Testing

/// `--speakers`, and several profiles: what does not go together is refused before anything is opened.
@Suite(.timeLimit(.minutes(3))) struct SpeakerOptionTests {
    @Test(arguments: [
        (["--speakers", "0"], "--speakers"), (["--speakers", "9"], "--speakers"),
        (["--speakers", "two"], "--speakers"),
        (["--profile", "a", "--profile", "b"], "give --speakers 2 (or auto) with several profiles"),
        (["--speakers", "1", "--profile", "a", "--profile", "b"], "give --speakers 2 (or auto) with several profiles"),
        (["--speakers", "2", "--profile", "a", "--profile", "a"], "--profile a is given more than once"),
        (["--speakers", "2", "--profile", "a", "--profile", "b", "--profile", "c"], "--speakers 2 is for 2 voices"),
        (
            ["--speakers", "auto"] + ["a", "b", "c", "d", "e"].flatMap { ["--profile", $0] },
            "--speakers auto is for at most 4 voices"
        ),
        (["--speakers", "2", "--profile", "a", "--baseline", "auto"], "give one of them"),
        (["--split-channels", "--speakers", "2"], "--split-channels and --speakers 2"),
        (["--split-channels", "--speakers", "auto"], "voices that share one"),
        (
            ["--split-channels", "--profile", "a", "--profile", "b", "--profile", "c"],
            "--split-channels has two channels"
        ),
        (["--split-channels", "--profile", "a", "--profile", "a"], "--profile a is given more than once"),
    ])
    func whatDoesNotGoTogetherIsWrongUsage(options: [String], words: String) throws {
        let scratch = try Scratch()
        let log = scratch.path("out.csv")
        for command in [["watch", "-D", "nowhere"], ["record", log, "-D", "nowhere"], ["replay", conversation]] {
            let run = try emoscope(command + options)
            #expect(run.status == 2 && run.errors.contains(words), "\(command): \(run.errors)")
            #expect(run.output == "" && !FileManager.default.fileExists(atPath: log))
        }
    }

    @Test func helpSaysHowManyVoices() throws {
        for command in ["watch", "record", "replay"] {
            let help = try emoscope(command, "--help").output
            let words = help.split(whereSeparator: \.isWhitespace).joined(separator: " ")
            #expect(words.contains("--speakers <1…8|auto> How many voices share the microphone"), "\(help)")
            #expect(words.contains("(default: 1)") && words.contains("once for each speaker"), "\(help)")
        }
        let help = try emoscope("predict", "--help").output
        let words = help.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        #expect(words.contains("--speakers <1…8|auto> How many voices each recording has"), "\(help)")
        #expect(words.contains("(default: 1). Needs --segments or --windows."), "\(help)")
    }
}
