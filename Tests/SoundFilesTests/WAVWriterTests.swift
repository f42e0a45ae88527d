import EmotionCore
import EmotionFiles
import Foundation
import TestSupport
import Testing

@testable import EmotionSoundFiles

@Suite(.serialized) struct WAVWriterTests {
    @Test func samplesReadBackUnchanged() throws {
        let scratch = try Scratch()
        var samples = noise(seconds: 3, rate: AudioFormat.sampleRate)
        (samples[7], samples[8], samples[9]) = (1.75, -3, .leastNonzeroMagnitude)
        for name in ["one.wav", "two.wav"] {
            let writer = try WAVWriter(path: scratch.path(name))
            for start in stride(from: 0, to: samples.count, by: 7_000) {
                try writer.append(Array(samples[start..<min(start + 7_000, samples.count)]))
            }
            #expect(writer.framesWritten == samples.count)
        }
        let file = try AudioFile(path: scratch.path("one.wav"))
        #expect(file.sampleRate == 16_000 && file.channels == 1 && file.duration == 3)
        #expect(same(try file.readAll(), samples))
        // A plain WAV file that any program opens; two files of the same sound are equal byte for byte.
        let bytes = try Data(contentsOf: URL(fileURLWithPath: scratch.path("one.wav")))
        #expect(bytes.prefix(4) == Data("RIFF".utf8))
        #expect(bytes == (try Data(contentsOf: URL(fileURLWithPath: scratch.path("two.wav")))))
    }

    @Test func isWholeAtAnyTime() throws {
        let scratch = try Scratch()
        let samples = noise(seconds: 1, rate: AudioFormat.sampleRate)
        let writer = try WAVWriter(path: scratch.path("live.wav"))
        for round in 1...3 {
            try writer.append(samples)
            // The state after a kill: the file is not closed.
            let read = try AudioFile(path: scratch.path("live.wav")).readAll()
            #expect(read.count == round * samples.count)
            #expect(same(Array(read.suffix(samples.count)), samples))
        }
        // The state after a kill between the samples and the header.
        let handle = try FileHandle(forWritingTo: URL(fileURLWithPath: scratch.path("live.wav")))
        try handle.seekToEnd()
        try handle.write(contentsOf: Data(count: 3200))
        #expect(try AudioFile(path: scratch.path("live.wav")).readAll().count == 3 * samples.count)
    }

    /// 18.6 hours of 32-bit floats are 4 GiB, at which the header's size fields are full.
    @Test(arguments: [1_073_741_805, 1_073_741_806, 1_500_000_000])
    func beyondFourGiBItIsRF64(samples: Int) throws {
        let scratch = try Scratch()
        let path = scratch.path("long.wav")
        try Data(WAVHeader.bytes(frames: samples)).write(to: URL(fileURLWithPath: path))
        try #require(truncate(path, WAVHeader.size + samples * WAVHeader.sampleSize) == 0, "a sparse file")
        let file = try AudioFile(path: path)
        #expect(file.duration == Double(samples) / 16_000)
        let head = try FileHandle(forReadingFrom: URL(fileURLWithPath: path)).read(upToCount: 4)
        #expect(head == Data((WAVHeader.size - 8 + samples * 4 > UInt32.max ? "RF64" : "RIFF").utf8))
    }

    @Test func doesNotOverwriteUnlessTold() throws {
        let scratch = try Scratch()
        let path = scratch.path("precious.wav")
        try Data("precious".utf8).write(to: URL(fileURLWithPath: path))
        let error = #expect(throws: FileError.self) { try WAVWriter(path: path) }
        #expect(error?.problem == "it exists already")
        #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == Data("precious".utf8))
        let writer = try WAVWriter(path: path, existing: .replaced)
        try writer.append([0.5])
        #expect(try AudioFile(path: path).readAll() == [0.5])
    }

    @Test func saysWhatIsWrongWithTheFile() throws {
        let scratch = try Scratch()
        let nowhere = #expect(throws: FileError.self) { try WAVWriter(path: scratch.path("no/such/folder.wav")) }
        #expect(nowhere?.problem == "No such file or directory")
        let folder = #expect(throws: FileError.self) { try WAVWriter(path: scratch.url.path, existing: .replaced) }
        #expect(folder?.problem == "Is a directory")
        let device = #expect(throws: FileError.self) { try WAVWriter(path: "/dev/null") }
        #expect(device?.problem == "it is no regular file")
    }

    @Test(.enabled(if: SmallDisk.isAllowed, "only root may mount a small disk"))
    func aFullDiskLeavesItWholeAndSilenceInPlaceOfWhatIsMissing() throws {
        let disk = try SmallDisk(kilobytes: 256)
        let path = disk.path("a.wav")
        let writer = try WAVWriter(path: path)
        let samples = noise(seconds: 1, rate: AudioFormat.sampleRate)
        try writer.append(samples)
        disk.fill()
        for _ in 0..<2 {
            let error = #expect(throws: FileError.self) { try writer.append(samples) }
            #expect(error?.problem == "No space left on device")
            writer.skip(samples.count)
            #expect(same(try AudioFile(path: path).readAll(), samples), "as it was")
        }
        disk.free()
        try writer.append(samples)
        let gap = [Float](repeating: 0, count: 2 * samples.count)
        #expect(same(try AudioFile(path: path).readAll(), samples + gap + samples))
    }

    @Test func aRemovedFileContinuesInANewOneAtItsTime() throws {
        let scratch = try Scratch()
        let path = scratch.path("a.wav")
        let writer = try WAVWriter(path: path)
        try writer.append([0.1, 0.2, 0.3])
        unlink(path)
        try writer.append([0.4])
        #expect(try AudioFile(path: path).readAll() == [0, 0, 0, 0.4])
    }
}
