/// A buffer of samples that is allocated once, before a thread starts, and freed with its owner.
@safe package struct SampleBuffer: ~Copyable {
    /// The memory; valid while the buffer exists.
    package let samples: UnsafeMutableBufferPointer<Float>

    /// Allocates `count` samples, all 0.
    package init(count: Int) {
        unsafe samples = .allocate(capacity: count)
        unsafe samples.initialize(repeating: 0)
    }

    deinit {
        unsafe samples.deallocate()
    }

    /// The samples of `range`, which must lie within the buffer.
    package subscript(_ range: Range<Int>) -> UnsafeBufferPointer<Float> {
        unsafe UnsafeBufferPointer(rebasing: samples[range])
    }
}

extension Float {
    /// The greatest magnitude that a sample may have: 1000, which is 60 dB over full scale.
    ///
    /// No recording is louder, and a greater value would make the resampler's filter ring for a long time.
    @inlinable package static var greatestSample: Float { 1000 }

    /// The sample, or 0 where it is NaN, infinite or beyond ±`greatestSample`.
    @inlinable package var validSample: Float { abs(self) <= Float.greatestSample ? self : 0 }
}
