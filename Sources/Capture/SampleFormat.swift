import CEmotionALSA
import EmotionSoundFiles

/// The encoding of a device's samples: linear PCM of up to 32 bits, or floating point, of either byte order.
struct SampleFormat: Equatable, Sendable {
    enum Encoding: Equatable, Sendable {
        case signed, unsigned, float
    }

    let code: snd_pcm_format_t
    let encoding: Encoding
    /// The number of significant bits, which are the lowest of the bytes: 24 of 4 bytes in S24_LE, 20 of 3 in S20_3LE.
    let bits: Int
    let bytes: Int
    let isBigEndian: Bool

    /// Describes one of ALSA's formats; fails for one that is neither linear PCM nor float, such as µ-law or ADPCM.
    init?(_ code: snd_pcm_format_t) {
        let isFloat = snd_pcm_format_float(code) == 1
        bits = Int(snd_pcm_format_width(code))
        let physicalBits = Int(snd_pcm_format_physical_width(code))
        bytes = physicalBits / 8
        guard isFloat || (snd_pcm_format_linear(code) == 1 && bits <= 32), bits > 0, physicalBits % 8 == 0 else {
            return nil
        }
        self.code = code
        encoding = isFloat ? .float : snd_pcm_format_signed(code) == 1 ? .signed : .unsigned
        isBigEndian = snd_pcm_format_big_endian(code) == 1 && bytes > 1
    }

    /// ALSA's name, such as `S16_LE`.
    var name: String {
        unsafe snd_pcm_format_name(code).map { unsafe String(cString: $0) } ?? "?"
    }

    /// All formats that can be read, the most precise of the common ones first.
    static let preferred: [SampleFormat] = {
        let first = [
            SND_PCM_FORMAT_FLOAT_LE, SND_PCM_FORMAT_S32_LE, SND_PCM_FORMAT_S24_LE, SND_PCM_FORMAT_S24_3LE,
            SND_PCM_FORMAT_S16_LE,
        ]
        let rest = (0...SND_PCM_FORMAT_LAST.rawValue).map { snd_pcm_format_t($0) }.filter { !first.contains($0) }
        let readable = rest.compactMap { SampleFormat($0) }.sorted { $0.bits > $1.bits }
        return first.compactMap { SampleFormat($0) } + readable
    }()

    /// Mixes interleaved frames down to mono: each sample is the mean of a frame's channels, or the first one's where the
    /// channels cancel one another out.
    ///
    /// - Returns: Whether they do.
    ///
    /// - Parameters:
    ///   - raw: At least `frames * channels * bytes` bytes, frame after frame.
    ///   - output: At least `frames` samples; full scale becomes ±1.0.
    @discardableResult
    func mixDown(
        _ raw: UnsafeRawBufferPointer, frames: Int, channels: Int, into output: UnsafeMutableBufferPointer<Float>
    ) -> Bool {
        precondition(raw.count >= frames * channels * bytes && output.count >= frames)
        let scale = 1 / Float(channels)
        var offset = 0
        var (mixed, power) = (0.0, 0.0)
        for frame in 0..<frames {
            var (sum, squares): (Float, Float) = (0, 0)
            for _ in 0..<channels {
                let sample = unsafe sample(raw, at: offset).validSample
                sum += sample
                squares += sample * sample
                offset += bytes
            }
            let mean = channels == 1 ? sum : sum * scale
            unsafe output[frame] = mean
            mixed += Double(mean * mean)
            power += Double(squares * scale)
        }
        guard channels > 1, ChannelCancellation.isThere(mixed: mixed, power: power, frames: frames) else {
            return false
        }
        unsafe split(raw, frames: frames, channels: channels, first: 1, into: output)
        return true
    }

    /// Copies the first channels of interleaved frames, and leaves the others out.
    ///
    /// - Parameters:
    ///   - raw: At least `frames * channels * bytes` bytes, frame after frame.
    ///   - kept: How many channels, at most `channels`.
    ///   - output: At least `frames * kept` samples, frame after frame; full scale becomes ±1.0.
    func split(
        _ raw: UnsafeRawBufferPointer, frames: Int, channels: Int, first kept: Int,
        into output: UnsafeMutableBufferPointer<Float>
    ) {
        precondition(kept <= channels && raw.count >= frames * channels * bytes && output.count >= frames * kept)
        for frame in 0..<frames {
            for channel in 0..<kept {
                let sample = unsafe sample(raw, at: (frame * channels + channel) * bytes)
                unsafe output[frame * kept + channel] = sample.validSample
            }
        }
    }

    /// The sample that begins at a byte, as a float of full scale ±1.0.
    private func sample(_ raw: UnsafeRawBufferPointer, at offset: Int) -> Float {
        var word: UInt64 = 0
        for index in 0..<bytes {
            let byte = unsafe UInt64(raw[offset + index])
            word |= byte &<< UInt64(8 * (isBigEndian ? bytes - 1 - index : index))
        }
        if encoding == .float {
            return bytes == 8 ? Float(Double(bitPattern: word)) : Float(bitPattern: UInt32(truncatingIfNeeded: word))
        }
        // Shifting the significant bits to the top drops what stands above them. An unsigned sample is 0 in the middle.
        var value = UInt32(truncatingIfNeeded: word) &<< UInt32(32 - bits)
        if encoding == .unsigned { value ^= 0x8000_0000 }
        return Float(Int32(bitPattern: value)) * 0x1p-31
    }
}
