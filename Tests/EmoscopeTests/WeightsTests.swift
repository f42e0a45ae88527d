import Foundation
import TestSupport
import Testing

/// Import, description and verification of weights, from the command line.
@Suite(.timeLimit(.minutes(3))) struct WeightsTests {
    private let goldens = root.appendingPathComponent("Tests/ModelTests/Goldens")

    @Test func shippedWeightsAreDescribedAndVerified() throws {
        let info = try emoscope("weights", "info")
        #expect(info.status == 0)
        for word in ["ca-ser", "whisper", "happy, angry, neutral, sad", "CC BY-NC-SA", "sha256"] {
            #expect(info.output.contains(word), "\(word)")
        }
        let verified = try emoscope("weights", "verify")
        #expect(verified.status == 0 && verified.output.contains(": verified; sha256"), "\(verified.errors)")
    }

    @Test func infoSaysWhichBlocksAreMixedAndWhereFramesAreAveraged() throws {
        for (name, words) in [
            ("mix", "a mix of blocks 1, 2, averaged over 3 frames, 4 heads"),
            ("pool", "a mix of blocks 1, 2, 3, averaged over 4 frames after block 2, 4 heads"),
        ] {
            let info = try emoscope(
                "weights", "info", goldens.appendingPathComponent("tiny-whisper-\(name).safetensors").path)
            #expect(info.output.contains(words), "\(info.output)")
        }
    }

    @Test func aChangedBitIsFound() throws {
        let scratch = try Scratch()
        var bytes = try Data(contentsOf: root.appendingPathComponent("Weights/emoscope.safetensors"))
        bytes[bytes.count - 1000] ^= 1
        try bytes.write(to: scratch.url.appendingPathComponent("bent.safetensors"))
        let run = try emoscope("weights", "verify", scratch.path("bent.safetensors"))
        #expect(run.status == 4)
        #expect(run.errors.contains("checksum"))
    }

    @Test func aBareEncoderEmbedsAndSaysThatItHasNoHead() throws {
        let scratch = try Scratch()
        let encoder = goldens.appendingPathComponent("tiny-encoder.safetensors").path
        try writeWAV(try excerpt(conversation, from: 1, to: 4.4), to: scratch.path("a.wav"))
        let embedded = try emoscope("embed", "--weights", encoder, scratch.path("a.wav"), "-o", scratch.path("out.npy"))
        #expect(embedded.status == 0, "\(embedded.errors)")
        for command in ["predict", "replay"] {
            let run = try emoscope(command, "--weights", encoder, scratch.path("a.wav"))
            #expect(run.status == 4)
            #expect(run.errors.contains("without a head") && run.errors.contains("embed"))
        }
    }

    @Test func checkpointsOfBothSpellingsImportToTheSameScores() throws {
        let scratch = try Scratch()
        try writeWAV(try excerpt(conversation, from: 1, to: 4.4), to: scratch.path("a.wav"))
        var outputs: [String] = []
        for spelling in ["old", "new"] {
            let weights = scratch.path("\(spelling).safetensors")
            let checkpoint = goldens.appendingPathComponent("tiny-\(spelling).pt").path
            let run = try emoscope(
                "weights", "import", checkpoint, "-o", weights, "--heads", "4", "--tap", "2", "--encoder-heads", "4")
            guard run.status == 0 else {
                Issue.record("\(run.errors)")
                return
            }
            #expect(run.output.contains("4 heads of cross-attention"))
            #expect(try emoscope("weights", "import", checkpoint, "-o", weights).status == 5, "it exists")
            outputs.append(try emoscope("predict", "--json", "--weights", weights, scratch.path("a.wav")).output)
        }
        #expect(outputs[0] == outputs[1] && outputs[0].contains("logits"))
    }

    /// Copies the program and its files to a folder where nothing else is found; the weights called `name` are unsure
    /// below 1.
    private func installation(named name: String) throws -> (scratch: Scratch, program: String) {
        let scratch = try Scratch()
        let program = scratch.path("emoscope")
        try FileManager.default.copyItem(atPath: try builtProduct("emoscope"), toPath: program)
        let weights = root.appendingPathComponent("Weights")
        for file in ["emoscope.safetensors", "silero_vad_16k.safetensors"] {
            try FileManager.default.copyItem(
                at: weights.appendingPathComponent(file), to: scratch.url.appendingPathComponent(file))
        }
        let data = try Data(contentsOf: weights.appendingPathComponent("emoscope.safetensors"))
        let size = data.prefix(8).enumerated().reduce(0) { $0 | Int($1.element) << (8 * $1.offset) }
        var header = String(decoding: data[8..<8 + size], as: UTF8.self)
        header = header.replacing(/"unsure":"[^"]*"/, with: "\"unsure\":\"1\"")
        header += String(repeating: " ", count: (8 - header.utf8.count % 8) % 8)
        var bytes = withUnsafeBytes(of: UInt64(header.utf8.count).littleEndian) { Data($0) }
        bytes += Data(header.utf8) + data[(8 + size)...]
        try bytes.write(to: scratch.url.appendingPathComponent("emoscope-\(name).safetensors"))
        return (scratch, program)
    }

    private func run(_ scratch: Scratch, _ arguments: [String]) throws -> Outcome {
        let child = try ChildProcess(
            ["sh", "-c", "cd \"$1\"; shift; exec \"$@\" 2>errors", "sh", scratch.url.path] + arguments,
            output: scratch.url.appendingPathComponent("output"))
        let status = child.waitForExit()
        return Outcome(status: status, output: try scratch.text("output"), errors: try scratch.text("errors"))
    }

    @Test func weightsHaveNamesAndSayWhenTheyAreUnsure() throws {
        let (scratch, program) = try installation(named: "open")
        try writeWAV(try excerpt(conversation, from: 1, to: 4.4), to: scratch.path("a.wav"))
        let info = try run(scratch, [program, "weights", "info", "open"])
        #expect(
            info.output.contains("emoscope-open.safetensors") && info.output.contains("below a probability of 1.00"))
        let named = try run(scratch, [program, "predict", "--weights", "open", "a.wav"])
        #expect(named.output.contains("a.wav: unsure"), "\(named.errors)")
        let overridden = try run(scratch, [program, "predict", "--weights", "open", "--unsure", "0", "a.wav"])
        let shipped = try run(scratch, [program, "predict", "--unsure", "0", "a.wav"])
        #expect(overridden.output == shipped.output && !shipped.output.contains("unsure"))

        let wrong = try run(scratch, [program, "predict", "--weights", "opne", "a.wav"])
        #expect(wrong.status == 4 && wrong.errors.contains("\"opne\"") && wrong.errors.contains("there are: open"))
        // A file of that name takes precedence over weights of that name.
        try Data("no weights".utf8).write(to: scratch.url.appendingPathComponent("open"))
        #expect(try run(scratch, [program, "predict", "--weights", "open", "a.wav"]).status == 4)
    }

    @Test func aPickleThatWantsToRunCodeIsRefusedByName() throws {
        let scratch = try Scratch()
        try Data("cposix\nsystem\n(S'touch hacked'\ntR.".utf8).write(to: scratch.url.appendingPathComponent("evil.pt"))
        for name in ["evil.pt", "missing.pt"] {
            let run = try emoscope(
                "weights", "import", scratch.path(name), "-o", scratch.path("out.safetensors"), in: scratch.url)
            #expect(run.status == 4)
            #expect(run.errors.contains(name))
        }
        #expect(!FileManager.default.fileExists(atPath: scratch.path("hacked")))
        #expect(!FileManager.default.fileExists(atPath: scratch.path("out.safetensors")))
    }
}
