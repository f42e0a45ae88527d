import EmotionCore
import EmotionSoundFiles

/// Conversion of samples of any rate to the network's rate of 16 kHz.
enum SampleConversion {
    /// The accepted rates in Hz, as for sound files.
    private static let rates = 1_000...768_000

    /// Converts samples to 16 kHz and full scale ±1.
    ///
    /// - Returns: The samples, and what was wrong with their scale.
    ///
    /// - Throws: `samples` where there are none, one is not finite, or the rate is out of range.
    static func convert(
        _ samples: [Float], from rate: Int
    ) throws(RecognitionError) -> (samples: [Float], warnings: [SoundWarning]) {
        guard !samples.isEmpty else {
            throw RecognitionError(.samples, "there are no samples; give some of one channel, between -1 and 1")
        }
        if let index = samples.firstIndex(where: { !$0.isFinite }) {
            throw RecognitionError(.samples, "sample \(index) is not a finite number; give samples between -1 and 1")
        }
        var scale = StoredScale()
        unsafe samples.withUnsafeBufferPointer { unsafe scale.add($0) }
        let factor = scale.factor
        let scaled = factor == 1 ? samples : samples.map { $0 * factor }
        return (try resample(scaled, from: rate), scale.warning(nil).map { [$0] } ?? [])
    }

    private static func resample(_ samples: [Float], from rate: Int) throws(RecognitionError) -> [Float] {
        guard rate != AudioFormat.sampleRate else { return samples }
        guard rates.contains(rate) else {
            throw RecognitionError(.samples, "a rate of \(rate) Hz is not converted; 1000 to 768000 work")
        }
        guard let resampler = Resampler(from: rate) else {
            throw RecognitionError(.samples, "there is no memory left to convert samples of \(rate) Hz")
        }
        return unsafe [Float](unsafeUninitializedCapacity: resampler.outputBound(inputs: samples.count)) {
            output, count in
            unsafe samples.withUnsafeBufferPointer { input in
                var consumed = 0
                while true {
                    let result = unsafe resampler.process(
                        UnsafeBufferPointer(rebasing: input[consumed...]),
                        into: UnsafeMutableBufferPointer(rebasing: output[count...]), isLast: true)
                    consumed += result.consumed
                    count += result.produced
                    if result == (0, 0) { break }
                }
            }
        }
    }
}
