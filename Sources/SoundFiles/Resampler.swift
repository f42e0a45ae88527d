import CEmotionSampleRate
import EmotionCore

/// A converter of sound of any rate to 16 kHz, by libsamplerate's band-limited sinc interpolation.
///
/// The converter is `SRC_SINC_MEDIUM_QUALITY`: 121 dB signal to noise and a bandwidth of 90 % of the lower Nyquist
/// frequency, which is 7.2 kHz from any rate above 16 kHz (libsamplerate's manual). `process` allocates nothing, so
/// a real-time thread may call it.
///
/// Output sample `n` corresponds to input time `n / 16000`, without a shift. The filter looks ahead by 45.7 samples of
/// the lower of the two rates (22438 coefficients a side, 491 a sample), so that the output is delayed by 2.9 ms for
/// input at 48 kHz and by 5.7 ms for input at 8 kHz.
@safe package final class Resampler {
    private let state: OpaquePointer
    private let ratio: Double
    private let channels: Int

    /// Creates a resampler; returns nil if memory is exhausted or the rate is more than 256 times above or below 16
    /// kHz.
    ///
    /// - Parameters:
    ///   - rate: The rate of the input, in Hz.
    ///   - channels: The number of samples in a frame.
    package init?(from rate: Int, channels: Int = 1) {
        self.channels = channels
        ratio = Double(AudioFormat.sampleRate) / Double(rate)
        var code: Int32 = 0
        guard rate > 0, src_is_valid_ratio(ratio) != 0,
            let state = unsafe src_new(Int32(SRC_SINC_MEDIUM_QUALITY), Int32(channels), &code)
        else { return nil }
        unsafe self.state = state
    }

    deinit {
        _ = unsafe src_delete(state)
    }

    /// The most output frames that `inputs` more input frames can produce.
    package func outputBound(inputs: Int) -> Int {
        Int(Double(inputs) * ratio) + 16
    }

    /// Converts as much of `input` as `output` has room for; both have whole frames.
    ///
    /// - Parameter isLast: Whether `input` is the end of the sound; the filter then also outputs its remaining samples.
    /// - Returns: The samples consumed and produced; both are 0 when there is nothing left to do.
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
