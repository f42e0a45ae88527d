import EmotionCore

/// The header of a WAV file of 32-bit floats at 16 kHz: the 80 bytes before its samples.
///
/// The chunks are `RIFF` `WAVE` · `JUNK` or `ds64` · `fmt ` · `data`. `JUNK`, which readers skip, reserves room for
/// `ds64`: a file beyond 4 GiB is RF64 (EBU Tech 3306), which stores its sizes there in 64 bits.
enum WAVHeader {
    /// The size of the header in bytes.
    static let size = 80
    /// The size of a sample in bytes.
    static let sampleSize = 4

    /// The header of a file of `frames` frames of `channels` samples each.
    static func bytes(frames: Int, channels: Int = 1) -> [UInt8] {
        let frameSize = channels * sampleSize
        let data = frames * frameSize
        let file = size - 8 + data
        let isLarge = file > UInt32.max
        func field<Value: FixedWidthInteger>(_ value: Value) -> [UInt8] {
            (0..<Value.bitWidth / 8).map { UInt8(truncatingIfNeeded: value >> Value($0 * 8)) }
        }
        func short(_ count: Int) -> [UInt8] { field(isLarge ? UInt32.max : UInt32(count)) }

        var bytes = Array((isLarge ? "RF64" : "RIFF").utf8) + short(file) + Array("WAVE".utf8)
        bytes += Array((isLarge ? "ds64" : "JUNK").utf8) + field(UInt32(28))
        bytes +=
            isLarge
            ? field(UInt64(file)) + field(UInt64(data)) + field(UInt64(frames)) + field(UInt32(0))
            : [UInt8](repeating: 0, count: 28)
        // Format code 3: IEEE float.
        bytes += Array("fmt ".utf8) + field(UInt32(16)) + field(UInt16(3)) + field(UInt16(channels))
        bytes += field(UInt32(AudioFormat.sampleRate)) + field(UInt32(AudioFormat.sampleRate * frameSize))
        bytes += field(UInt16(frameSize)) + field(UInt16(8 * sampleSize))
        return bytes + Array("data".utf8) + short(data)
    }
}
