import Foundation
import TestSupport
import Testing

/// Manifests that the program writes and evaluates, on clips of the bundled conversation.
@Suite(.timeLimit(.minutes(5))) struct EvaluateTests {
    struct Report: Decodable {
        struct ClassificationMetrics: Decodable {
            let clips: Int
            let uar: Double
            let accuracy: Double
            let recall: [String: Double]
            let ece: Double
            let labels: [String]
            let confusion: [[Int]]
        }
        let corpora: [String: ClassificationMetrics]
        let speakers: [String: [String: ClassificationMetrics]]
        let all: ClassificationMetrics

        init(_ outcome: Outcome) throws {
            self = try JSONDecoder().decode(Report.self, from: Data(outcome.output.utf8))
        }
    }

    /// The conversation's clips under their own names, as EMO-DB lays them out.
    private func corpus() throws -> Scratch {
        let scratch = try Scratch()
        let folder = scratch.url.appendingPathComponent("emodb/wav")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        for clip in try conversationClips() {
            try writeWAV(clip.samples, to: folder.appendingPathComponent(clip.name + ".wav").path)
        }
        return scratch
    }

    @Test func aManifestOfTheClipsIsMeasured() throws {
        let scratch = try corpus()
        let made = try emoscope("manifest", "emodb", scratch.path("emodb"), "-o", scratch.path("clips.csv"))
        #expect(made.status == 0 && made.output == "", "\(made.errors)")
        let clips = try conversationClips()
        #expect(made.errors.contains("EMO-DB: \(clips.count) clips of 3 speakers"))
        let rows = try scratch.text("clips.csv").components(separatedBy: "\r\n").filter { !$0.isEmpty }
        #expect(rows.first == "path,speaker,emotion,corpus")
        #expect(
            Set(rows.dropFirst()) == Set(clips.map { "emodb/wav/\($0.name).wav,\($0.speaker),\($0.emotion),emodb" }))

        let run = try emoscope("evaluate", "--json", scratch.path("clips.csv"))
        #expect(run.status == 0 && run.errors == "", "\(run.errors)")
        #expect(run.lines.count == 1)
        let report = try Report(run)
        #expect(report.all.clips == clips.count && report.corpora["emodb"]?.clips == clips.count)
        #expect(report.all.labels == ["angry", "happy", "neutral", "sad"])
        for (row, label) in report.all.labels.enumerated() {
            let own = clips.count { $0.emotion == label }
            #expect(report.all.confusion[row].reduce(0, +) == own)
            #expect(abs(report.all.recall[label]! - Double(report.all.confusion[row][row]) / Double(own)) < 1e-4)
        }
        #expect(abs(report.all.uar - report.all.recall.values.reduce(0, +) / 4) < 1e-4)
        #expect(report.all.uar > 0.8, "speakers that the weights never saw, acted: most are right")
        #expect(
            report.speakers["emodb"]?.mapValues(\.clips)
                == Dictionary(grouping: clips, by: \.speaker).mapValues(\.count))

        let one = try Report(emoscope("evaluate", "--json", "--only-speakers", "emodb_08", scratch.path("clips.csv")))
        #expect(one.all.confusion == report.speakers["emodb"]?["emodb_08"]?.confusion)
        let text = try emoscope("evaluate", scratch.path("clips.csv"))
        #expect(text.output.contains("calibration error") && text.output.contains("  emodb_14"))
        #expect(text.output.contains("emodb: truth \\ answer"))
    }

    /// A manifest may name a corpus folder, as the command line may; its other columns do not matter.
    @Test func foldersStandForTheirManifests() throws {
        let scratch = try corpus()
        let name = try conversationClips()[0].name
        try "corpus,path,speaker,sex,emotion\nx,emodb/wav/\(name).wav,x_1,M,sad\nx,none.wav,x_1,M,fear\n"
            .write(toFile: scratch.path("emodb/manifest.csv"), atomically: true, encoding: .utf8)
        try "path,speaker,emotion,corpus\nemodb,,,\n"
            .write(toFile: scratch.path("all.csv"), atomically: true, encoding: .utf8)
        for manifest in ["emodb", "all.csv"] {
            let run = try emoscope("evaluate", "--json", scratch.path(manifest))
            #expect(run.status == 0 && run.errors == "left out 1 fear\n", "\(run.errors)")
            #expect(try Report(run).all.clips == 1)
        }
    }

    @Test func wholeClipsAreReadAsPredictReadsThem() throws {
        let scratch = try Scratch()
        try writeWAV(try excerpt(conversation, from: 0, to: 30), to: scratch.path("long.wav"))
        try "path,speaker,emotion,corpus\nlong.wav,s,angry,x\n"
            .write(toFile: scratch.path("m.csv"), atomically: true, encoding: .utf8)
        func confidence(_ window: String) throws -> Double {
            let report = try Report(emoscope("evaluate", "--json", "--window", window, scratch.path("m.csv")))
            // With one clip, the calibration error gives the probability of the prediction.
            return report.all.accuracy == 1 ? 1 - report.all.ece : report.all.ece
        }
        func predicted(_ name: String) throws -> Double {
            struct Line: Decodable { let probabilities: [String: Double] }
            let run = try emoscope("predict", "--json", "--precision", "fp32", scratch.path(name))
            return try JSONDecoder().decode(Line.self, from: Data(run.output.utf8)).probabilities.values.max() ?? 0
        }
        #expect(abs(try confidence("whole") - predicted("long.wav")) < 1e-3)
        try writeWAV(try excerpt(conversation, from: 13.5, to: 16.5), to: scratch.path("middle.wav"))
        #expect(abs(try confidence("middle") - predicted("middle.wav")) < 1e-3)
        // A clip longer than is held in memory at once.
        let all = try excerpt(conversation, from: 0, to: 100)
        try writeWAV(all, to: scratch.path("long.wav"))
        let start = (all.count - 48_000) / 2
        try writeWAV(Array(all[start..<start + 48_000]), to: scratch.path("middle.wav"))
        #expect(all.count > 60 * 16_000)
        #expect(abs(try confidence("middle") - predicted("middle.wav")) < 1e-3)
    }

    @Test func clipsThatCannotBeReadAreNamedAndTheRestMeasured() throws {
        let scratch = try Scratch()
        try writeWAV(try excerpt(conversation, from: 1, to: 4), to: scratch.path("a.wav"))
        try "not a sound".write(toFile: scratch.path("b.wav"), atomically: true, encoding: .utf8)
        try "path,speaker,emotion,corpus\nnone.wav,s,sad,x\nb.wav,s,sad,x\na.wav,s,sad,x\n"
            .write(toFile: scratch.path("m.csv"), atomically: true, encoding: .utf8)
        let run = try emoscope("evaluate", "--json", scratch.path("m.csv"))
        #expect(run.status == 1)
        #expect(try Report(run).all.clips == 1)
        #expect(run.errors.contains("none.wav") && run.errors.contains("b.wav"))
        #expect(run.errors.contains("2 of 3 files could not be read"))
        #expect(!run.errors.contains("\u{1B}") && !run.errors.contains("["), "no progress where there is no terminal")
    }

    @Test func badInputIsAnErrorThatNamesIt() throws {
        let scratch = try Scratch()
        try "path,speaker,emotion,corpus\n\"a,1,sad,x\n"
            .write(toFile: scratch.path("m.csv"), atomically: true, encoding: .utf8)
        let open = try emoscope("evaluate", scratch.path("m.csv"))
        #expect(open.status == 1 && open.errors.contains("m.csv\" line 2"), "\(open.errors)")
        let folder = try emoscope("evaluate", scratch.url.path)
        #expect(folder.status == 1 && folder.errors.contains("emoscope manifest"))
        try "path,speaker,emotion,corpus\na,1,sad,x\n"
            .write(toFile: scratch.path("m.csv"), atomically: true, encoding: .utf8)
        let filter = try emoscope("evaluate", "--only-speakers", "2", scratch.path("m.csv"))
        #expect(filter.status == 2 && filter.errors.contains("--only-speakers: the manifest has no \"2\"; it has 1"))
        let kind = try emoscope("manifest", "nonsense", scratch.url.path)
        #expect(kind.status == 2 && kind.errors.contains("nonsense") && kind.errors.contains("ravdess"))
        let empty = try emoscope("manifest", "tess", scratch.url.path)
        #expect(empty.status == 1 && empty.errors.contains("holds no recording"))
    }

    @Test func aManifestDoesNotReplaceAFileUnlessForced() throws {
        let scratch = try Scratch()
        try writeWAV(tone(seconds: 0.1), to: scratch.path("03a01Fa.wav"))
        try writeWAV(tone(seconds: 0.1), to: scratch.path("what.wav"))
        try "precious".write(toFile: scratch.path("m.csv"), atomically: true, encoding: .utf8)
        let refused = try emoscope("manifest", "emodb", scratch.url.path, "-o", scratch.path("m.csv"))
        #expect(refused.status == 5)
        #expect(try scratch.text("m.csv") == "precious")
        let forced = try emoscope("manifest", "emodb", scratch.url.path, "-o", scratch.path("m.csv"), "--force")
        #expect(forced.status == 1 && forced.errors.contains("what.wav"), "a recording is not named as EMO-DB's")
        #expect(try scratch.text("m.csv").contains("\r\n03a01Fa.wav,emodb_03,happy,emodb\r\n"))
        // On standard output, paths are relative to the current folder; those of a corpus elsewhere are absolute.
        let here = try emoscope("manifest", "emodb", ".", in: scratch.url)
        #expect(here.output.contains("\r\n03a01Fa.wav,"))
        let elsewhere = try emoscope("manifest", "emodb", scratch.url.path)
        #expect(elsewhere.output.contains("\r\n/") && elsewhere.output.contains("/03a01Fa.wav,"))
    }

    @Test func aTerminalSeesProgressUnlessQuiet() throws {
        let scratch = try Scratch()
        try writeWAV(try excerpt(conversation, from: 1, to: 4), to: scratch.path("a.wav"))
        let rows = (0..<12).map { _ in "a.wav,s_1,sad,x\n" }.joined()
        try ("path,speaker,emotion,corpus\n" + rows)
            .write(toFile: scratch.path("m.csv"), atomically: true, encoding: .utf8)
        for (flag, shown) in [("--json", true), ("-q", false)] {
            let run = try ChildProcess(
                [
                    "script", "-qec",
                    "\(try builtProduct("emoscope")) evaluate \(flag) \(scratch.path("m.csv")) >/dev/null",
                    "/dev/null",
                ], output: scratch.url.appendingPathComponent("output"))
            #expect(run.waitForExit() == 0)
            #expect(try scratch.text("output").contains("/12") == shown)
        }
    }

    /// Figures of the Python evaluation of the same clips, from `Goldens/evaluation.py`.
    private struct Golden: Decodable {
        struct Report: Decodable {
            let clips: Int
            let uar: Double
            let accuracy: Double
            let recall: [String: Double]
            let calibration_error: Double
            let confusion: [[Int]]
        }
        let weights_sha256: String
        let labels: [String]
        let conditions: [String: Report]
    }

    /// The program and the Python code of the training agree to 0.2 points, in each condition.
    @Test(
        arguments: [
            ("clean", []), ("gain -20 dB", ["--gain", "-20"]), ("gain +10 dB", ["--gain", "10"]),
            ("telephone", ["--band", "telephone"]),
        ] as [(String, [String])])
    func theEvaluationAgreesWithPython(condition: String, options: [String]) throws {
        let file = root.appendingPathComponent("Tests/EmoscopeTests/Goldens/evaluation.json")
        let golden = try JSONDecoder().decode(Golden.self, from: Data(contentsOf: file))
        #expect(
            try emoscope("weights", "info").output.contains(golden.weights_sha256),
            "the weights changed: run Tests/EmoscopeTests/Goldens/evaluation.py again")
        let expected = try #require(golden.conditions[condition])

        let scratch = try corpus()
        let made = try emoscope("manifest", "emodb", scratch.path("emodb"), "-o", scratch.path("clips.csv"))
        #expect(made.status == 0, "\(made.errors)")
        let run = try launch(
            ["evaluate", "--json", "--no-vad", "--precision", "fp32", scratch.path("clips.csv")] + options,
            scratch: scratch)
        #expect(run.waitForExit() == 0)
        let figures = try JSONDecoder().decode(Report.self, from: Data(scratch.text("output").utf8)).all
        #expect(figures.clips == expected.clips)
        #expect(abs(figures.uar - expected.uar) <= 0.002)
        #expect(abs(figures.accuracy - expected.accuracy) <= 0.002)
        #expect(abs(figures.ece - expected.calibration_error) <= 0.002)
        for (label, recall) in expected.recall { #expect(abs(figures.recall[label]! - recall) <= 0.002) }
        // Python's labels are in another order.
        for (row, truth) in golden.labels.enumerated() {
            for (column, answer) in golden.labels.enumerated() {
                let place = (figures.labels.firstIndex(of: truth)!, figures.labels.firstIndex(of: answer)!)
                #expect(figures.confusion[place.0][place.1] == expected.confusion[row][column])
            }
        }
    }

    @Test func noiseIsTheSameEachTimeAndFiltersDoNotMoveIt() throws {
        let scratch = try Scratch()
        try writeWAV(try excerpt(conversation, from: 1, to: 4), to: scratch.path("a.wav"))
        for (name, hertz) in [("one", 1000.0), ("two", 3000), ("three", 200)] {
            let folder = scratch.url.appendingPathComponent("noise")
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            try writeWAV(
                (0..<32_000).map { Float(0.1 * sin(hertz * Double($0) / 2500)) },
                to: folder.appendingPathComponent(name + ".wav").path)
        }
        let rows = (0..<6).map { "a.wav,s_\($0),sad,x\n" }.joined()
        try ("path,speaker,emotion,corpus\n" + rows)
            .write(toFile: scratch.path("m.csv"), atomically: true, encoding: .utf8)
        let noise = ["--noise", scratch.path("noise"), "--snr", "0"]
        func report(_ options: [String]) throws -> Report {
            let run = try launch(["evaluate", "--json", scratch.path("m.csv")] + options, scratch: scratch)
            #expect(run.waitForExit() == 0)
            return try JSONDecoder().decode(Report.self, from: Data(scratch.text("output").utf8))
        }
        let all = try report(noise)
        let confidences = try #require(all.speakers["x"]).mapValues(\.ece)
        #expect(Set(confidences.values).count > 1, "the clips get different noise")
        #expect(try report(noise).speakers["x"]?.mapValues(\.ece) == confidences)
        #expect(try report(noise + ["--only-speakers", "s_4"]).all.ece == confidences["s_4"])
        #expect(try report([]).all.ece != all.all.ece)
        let refused = try emoscope("evaluate", "--snr", "3", scratch.path("m.csv"))
        #expect(refused.status == 2 && refused.errors.contains("--snr needs --noise"))
        let empty = try emoscope("evaluate", "--noise", "/nowhere", scratch.path("m.csv"))
        #expect(empty.status == 1 && empty.errors.contains("/nowhere"))
    }
}
