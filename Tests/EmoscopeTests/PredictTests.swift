import Foundation
import Testing

@Suite(.timeLimit(.minutes(3))) struct PredictTests {
    private struct Line: Decodable {
        let file: String
        let seconds: Double
        let label: String
        let probabilities: [String: Double]
        let logits: [String: Double]
    }

    private func lines(_ run: Outcome) throws -> [Line] {
        try run.lines.map { try JSONDecoder().decode(Line.self, from: Data($0.utf8)) }
    }

    @Test func oneLineAFileWithProbabilitiesAndLogits() throws {
        let scratch = try Scratch()
        try writeWAV(try excerpt(conversation, from: 57.8, to: 61.3), to: scratch.path("angry.wav"))
        try writeWAV(try excerpt(conversation, from: 1, to: 2.5), to: scratch.path("short.wav"))
        let run = try emoscope("predict", "--json", scratch.path("angry.wav"), scratch.path("short.wav"))
        #expect(run.status == 0, "\(run.errors)")
        let lines = try lines(run)
        #expect(lines.map(\.seconds) == [3.5, 1.5])
        for line in lines {
            #expect(Set(line.probabilities.keys) == ["angry", "happy", "neutral", "sad"])
            #expect(abs(line.probabilities.values.reduce(0, +) - 1) < 1e-4)
            #expect(line.probabilities[line.label] == line.probabilities.values.max())
            let powers = line.logits.mapValues(exp)
            let sum = powers.values.reduce(0, +)
            for (name, power) in powers { #expect(abs(power / sum - line.probabilities[name]!) < 1e-3) }
        }
        let text = try emoscope("predict", scratch.path("angry.wav"))
        #expect(text.lines.count == 1 && text.output.contains("angry.wav: \(lines[0].label)"))
    }

    @Test func belowTheThresholdItIsUnsureAndKeepsItsProbabilities() throws {
        let scratch = try Scratch()
        try writeWAV(try excerpt(conversation, from: 1, to: 2.5), to: scratch.path("a.wav"))
        let plain = try #require(lines(emoscope("predict", "--json", scratch.path("a.wav"))).first)
        let top = try #require(plain.probabilities[plain.label])
        for (threshold, label) in [(top - 0.001, plain.label), (top + 0.001, "unsure")] {
            let run = try emoscope("predict", "--json", "--unsure", "\(threshold)", scratch.path("a.wav"))
            let line = try #require(lines(run).first, "\(run.errors)")
            #expect(line.label == label && line.probabilities == plain.probabilities)
        }
        let text = try emoscope("predict", "--unsure", "\(top + 0.001)", scratch.path("a.wav"))
        #expect(text.output.contains("a.wav: unsure  (angry "))
    }

    @Test func aClipUnderThreeSecondsIsRepeatedWhole() throws {
        let scratch = try Scratch()
        let clip = try excerpt(conversation, from: 16.9, to: 18.9)
        try writeWAV(clip, to: scratch.path("once.wav"))
        try writeWAV(clip + clip, to: scratch.path("twice.wav"))
        let lines = try lines(emoscope("predict", "--json", scratch.path("once.wav"), scratch.path("twice.wav")))
        #expect(lines[0].logits == lines[1].logits)
    }

    /// Recordings of many lengths go through the network together; the result of one does not depend on the others.
    @Test func aRecordingIsReadTheSameAloneAndAmongOthers() throws {
        let scratch = try Scratch()
        let names = try (0..<40).map { index in
            let start = Double(index)
            let name = scratch.path("\(index).wav")
            try writeWAV(try excerpt(conversation, from: start, to: start + 1 + Double(index * 7 % 16)), to: name)
            return name
        }
        let together = try launch(["predict", "--json"] + names, scratch: scratch)
        #expect(together.waitForExit() == 0)
        let lines = try scratch.text("output").split(separator: "\n").map(String.init)
        #expect(lines.count == 40)
        for index in [0, 9, 22, 39] { #expect(try emoscope("predict", "--json", names[index]).lines == [lines[index]]) }
    }

    @Test func aLongClipIsTheMeanOfItsWindowsByLength() throws {
        let scratch = try Scratch()
        let whole = try excerpt(conversation, from: 0, to: 17)
        try writeWAV(whole, to: scratch.path("whole.wav"))
        try writeWAV(Array(whole[..<208_000]), to: scratch.path("head.wav"))
        try writeWAV(Array(whole[208_000...]), to: scratch.path("tail.wav"))
        let names = ["whole.wav", "head.wav", "tail.wav"].map(scratch.path)
        let lines = try lines(emoscope("predict", "--json", names[0], names[1], names[2]))
        for (name, logit) in lines[0].logits {
            #expect(abs(logit - (13 * lines[1].logits[name]! + 4 * lines[2].logits[name]!) / 17) < 1e-3)
        }
    }

    @Test func embeddingsAreANumPyArrayOfARowAFile() throws {
        let scratch = try Scratch()
        try writeWAV(try excerpt(conversation, from: 57.8, to: 61.3), to: scratch.path("a.wav"))
        try writeWAV(try excerpt(conversation, from: 1, to: 4), to: scratch.path("b.wav"))
        let run = try emoscope(
            "embed", scratch.path("a.wav"), scratch.path("b.wav"), scratch.path("a.wav"), "-o", scratch.path("out.npy"))
        #expect(run.status == 0, "\(run.errors)")
        let data = try Data(contentsOf: URL(fileURLWithPath: scratch.path("out.npy")))
        #expect(data.prefix(8) == Data([0x93, 0x4E, 0x55, 0x4D, 0x50, 0x59, 1, 0]))
        let length = Int(data[8]) + Int(data[9]) << 8
        #expect((10 + length) % 64 == 0)
        let header = String(decoding: data[10..<10 + length], as: UTF8.self)
        let width = (data.count - 10 - length) / 12
        #expect(header.hasPrefix("{'descr': '<f4', 'fortran_order': False, 'shape': (3, \(width)), }"))
        #expect(header.hasSuffix("\n"))
        let rows = (0..<3).map { data.dropFirst(10 + length + $0 * width * 4).prefix(width * 4) }
        #expect(Data(rows[0]) == Data(rows[2]) && Data(rows[0]) != Data(rows[1]))
    }

    /// Short recordings overtake a long one, and a bad one fails: the same results in the same order on any number of
    /// threads.
    @Test(arguments: ["predict", "evaluate"]) func manyRecordingsKeepTheirOrder(command: String) throws {
        let scratch = try Scratch()
        try writeWAV(try excerpt(conversation, from: 0, to: 60), to: scratch.path("long.wav"))
        var names = ["long.wav", "missing.wav"]
        for index in 0..<30 {
            names.append("\(index).wav")
            try writeWAV(
                try excerpt(conversation, from: Double(index), to: Double(index) + 3), to: scratch.path(names.last!))
        }
        let table = ["path,speaker,emotion,corpus"] + names.map { "\($0),one,angry,made" }
        try Data(table.joined(separator: "\n").utf8).write(to: URL(fileURLWithPath: scratch.path("clips.csv")))
        let inputs = command == "predict" ? names.map(scratch.path) : [scratch.path("clips.csv")]
        var outputs: [String] = []
        for threads in ["1", "2", "7"] {
            let run = try launch([command, "--json", "--threads", threads] + inputs, scratch: scratch)
            #expect(run.waitForExit() == 1)
            #expect(try scratch.text("errors").contains("1 of 32 files could not be read"))
            outputs.append(try scratch.text("output"))
        }
        #expect(outputs[0] == outputs[1] && outputs[0] == outputs[2])
        if command == "predict" {
            let order = outputs[2].split(separator: "\n").map { line in names.firstIndex { line.contains("/\($0)\"") } }
            #expect(order == [0] + Array(2..<32))
        }
    }

    @Test func oneFileThatFailsDoesNotStopTheOthers() throws {
        let scratch = try Scratch()
        try writeWAV(try excerpt(conversation, from: 1, to: 4.4), to: scratch.path("a.wav"))
        let run = try emoscope("predict", scratch.path("missing.wav"), scratch.path("a.wav"))
        #expect(run.status == 1)
        #expect(run.errors.contains("missing.wav") && run.output.contains("a.wav: "))
    }
}
