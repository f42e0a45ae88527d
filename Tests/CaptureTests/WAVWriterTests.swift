import Foundation
import Testing

@testable import Capture

@Suite struct WAVWriterTests {
    @Test func givesBackTheVerySameSamples() throws {
        let scratch = try Scratch()
        var samples = rustle(seconds: 3, rate: captureRate)
        (samples[7], samples[8], samples[9]) = (1.75, -3, .leastNonzeroMagnitude)
        for name in ["one.wav", "two.wav"] {
            let writer = try WAVWriter(path: scratch.path(name))
            for start in stride(from: 0, to: samples.count, by: 7_000) {
                try writer.append(Array(samples[start..<min(start + 7_000, samples.count)]))
            }
            try writer.close()
            try writer.close()
            #expect(writer.samplesWritten == samples.count)
        }
        let file = try AudioFile(path: scratch.path("one.wav"))
        #expect(file.sampleRate == 16_000 && file.channels == 1 && file.duration == 3)
        #expect(same(try file.readAll(), samples))
        // A plain WAV file that any program opens, and two of the same sound are the same to the byte.
        let bytes = try Data(contentsOf: URL(fileURLWithPath: scratch.path("one.wav")))
        #expect(bytes.prefix(4) == Data("RIFF".utf8))
        #expect(bytes == (try Data(contentsOf: URL(fileURLWithPath: scratch.path("two.wav")))))
    }

    @Test func isWholeAtAnyTime() throws {
        let scratch = try Scratch()
        let samples = rustle(seconds: 1, rate: captureRate)
        let writer = try WAVWriter(path: scratch.path("live.wav"))
        for round in 1...3 {
            try writer.append(samples)
            // As after a kill: not closed.
            let read = try AudioFile(path: scratch.path("live.wav")).readAll()
            #expect(read.count == round * samples.count)
            #expect(same(Array(read.suffix(samples.count)), samples))
        }
        try writer.close()
    }

    @Test func doesNotOverwriteUnlessTold() throws {
        let scratch = try Scratch()
        let path = scratch.path("precious.wav")
        try Data("precious".utf8).write(to: URL(fileURLWithPath: path))
        let error = #expect(throws: CaptureError.self) { try WAVWriter(path: path) }
        #expect(error?.subject == .outputFile && error?.problem == "there is such a file already")
        #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == Data("precious".utf8))
        let writer = try WAVWriter(path: path, overwriting: true)
        try writer.append([0.5])
        try writer.close()
        #expect(try AudioFile(path: path).readAll() == [0.5])
    }

    @Test func saysWhatIsWrongWithTheFile() throws {
        let scratch = try Scratch()
        let nowhere = #expect(throws: CaptureError.self) { try WAVWriter(path: scratch.path("no/such/folder.wav")) }
        #expect(nowhere?.problem == "No such file or directory")
        let folder = #expect(throws: CaptureError.self) { try WAVWriter(path: scratch.url.path, overwriting: true) }
        #expect(folder?.problem == "Is a directory")
        let full = #expect(throws: CaptureError.self) {
            let writer = try WAVWriter(path: "/dev/full", overwriting: true)
            try writer.append([0.5])
        }
        #expect(full?.subject == .outputFile && full?.problem == "No space left on device")
        let closed = try WAVWriter(path: scratch.path("closed.wav"))
        try closed.close()
        #expect(throws: CaptureError.self) { try closed.append([0.5]) }
    }
}
