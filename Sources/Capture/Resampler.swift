import CEmotionSampleRate
import EmotionCore

/// Brings sound of any rate, of one channel or more in interleaved frames, to 16 kHz with libsamplerate's band-limited sinc interpolation.
///
/// `SRC_SINC_MEDIUM_QUALITY`: 121 dB signal to noise, bandwidth 90 % of the lower Nyquist frequency (7.2 kHz when
/// coming down to 16 kHz). `src_process` allocates nothing, hence fit for a real-time thread.
///
/// Delay: output sample `n` belongs to input time `n / 16000`, there is no shift. The filter looks ahead by 45.7 samples
/// (its table's 22438 coefficients a side, 491 a sample) of the lower of the two rates, so what comes out trails what
/// went in by `lookahead` seconds: 2.9 ms when coming down to 16 kHz, 5.7 ms when coming up from 8 kHz.
@safe package final class Resampler {
    private let state: OpaquePointer
    private let ratio: Double
    private let channels: Int

    /// Seconds of input that the filter needs beyond an output sample.
    let lookahead: Double

    /// - Parameters:
    ///   - rate: Of the input, in Hz.
    ///   - channels: Samples in a frame.
    /// - Returns: nil for a rate outside of what libsamplerate converts (a factor of 256 either way), or without memory.
    package init?(from rate: Int, channels: Int = 1) {
        self.channels = channels
        ratio = Double(AudioFormat.sampleRate) / Double(rate)
        lookahead = 22438 / 491 / Double(min(rate, AudioFormat.sampleRate))
        var code: Int32 = 0
        guard rate > 0, src_is_valid_ratio(ratio) != 0,
            let state = unsafe src_new(Int32(SRC_SINC_MEDIUM_QUALITY), Int32(channels), &code)
        else { return nil }
        unsafe self.state = state
    }

    deinit {
        _ = unsafe src_delete(state)
    }

    /// How many output frames `inputs` more input frames can produce at most.
    package func outputBound(inputs: Int) -> Int {
        Int(Double(inputs) * ratio) + 16
    }

    /// Converts as much of `input`, whole frames, as `output` has room for.
    ///
    /// - Parameter isLast: Nothing follows `input`: also gives out what the filter still holds.
    /// - Returns: Samples consumed and produced. Neither one means that all is done.
    package func process(
        _ input: UnsafeBufferPointer<Float>, into output: UnsafeMutableBufferPointer<Float>, isLast: Bool
    ) -> (consumed: Int, produced: Int) {
        // libsamplerate refuses null pointers even where the count is 0.
        guard let out = output.baseAddress else { return (0, 0) }
        let nothing = unsafe UnsafePointer(out)
        var data = unsafe SRC_DATA()
        unsafe data.data_in = input.baseAddress ?? nothing
        unsafe data.data_out = out
        unsafe data.input_frames = input.count / channels
        unsafe data.output_frames = output.count / channels
        unsafe data.end_of_input = isLast ? 1 : 0
        unsafe data.src_ratio = ratio
        guard unsafe src_process(state, &data) == 0 else { return (0, 0) }
        return unsafe (data.input_frames_used * channels, data.output_frames_gen * channels)
    }
}
