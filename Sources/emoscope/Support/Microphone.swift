import EmotionCapture
import EmotionCore
import EmotionStream

/// A microphone that a command hears for a while, with the level on standard error where that is a terminal.
enum Microphone {
    /// The device that is heard where none is named.
    static let standard = "default"
    /// The help of the option that names a device.
    static let deviceHelp = "Capture device, by its name in \"emoscope devices\" (default: \(standard))."

    /// Hears a microphone until there is enough, or somebody asks for the end (`Interrupt`).
    ///
    /// - Parameters:
    ///   - device: An ALSA name as `arecord -D` takes it.
    ///   - opened: Called once the microphone is open.
    ///   - progress: What was heard so far, in words, for the line with the level.
    ///   - take: Gets the 16 kHz samples, full scale ±1, of the last 50 ms, which may be none; returns whether there is enough.
    /// - Returns: The counts of the source at the end.
    /// - Throws: A `CaptureError` where the microphone cannot be opened or goes away, or what `take` throws.
    static func hear(
        _ device: String, opened: () -> Void, progress: () -> String, take: ([Float]) throws -> Bool
    ) throws -> SourceStatus {
        Interrupt.install()
        let ring = SampleRing(minimumCapacity: 10 * AudioFormat.sampleRate)
        let source = ALSASource(device: device)
        try unsafe source.start { samples in unsafe ring.write(samples) }
        defer {
            source.stop()
            if Console.errorIsTerminal { Console.status("") }
        }
        opened()
        var buffer = [Float](repeating: 0, count: AudioFormat.sampleRate)
        while !Interrupt.isAsked {
            Clock.sleep(milliseconds: 50)
            let count = unsafe buffer.withUnsafeMutableBufferPointer { unsafe ring.read(into: $0) }
            let samples = Array(buffer[..<count])
            if try take(samples) { break }
            if count == 0, case .lost(let error) = source.status.state { throw error }
            if Console.errorIsTerminal, count > 0 {
                Console.status("level \(Double(Level.dbfs(samples)).decibelText) dBFS · \(progress())")
            }
        }
        return source.status
    }
}
