import Foundation
import Testing

/// Checkpoints in and out, from the command line.
@Suite(.timeLimit(.minutes(3))) struct WeightsTests {
    private let goldens = root.appendingPathComponent("Tests/ModelTests/Goldens")

    @Test func whatShipsIsWholeAndDescribed() throws {
        let info = try emoscope("weights", "info")
        #expect(info.status == 0)
        for word in ["ca-ser", "whisper", "happy, angry, neutral, sad", "CC BY-NC-SA", "sha256"] {
            #expect(info.output.contains(word), "\(word)")
        }
        let verified = try emoscope("weights", "verify")
        #expect(verified.status == 0 && verified.output.contains("whole"), "\(verified.errors)")
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
