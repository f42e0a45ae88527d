/// Memory for samples that is allocated once, before a thread starts, and freed with its owner.
@safe struct SampleBuffer: ~Copyable {
    let samples: UnsafeMutableBufferPointer<Float>

    /// `count` zeros.
    init(count: Int) {
        unsafe samples = .allocate(capacity: count)
        unsafe samples.initialize(repeating: 0)
    }

    deinit {
        unsafe samples.deallocate()
    }

    var count: Int { unsafe samples.count }

    /// The samples of `range`, which must lie within the buffer.
    subscript(_ range: Range<Int>) -> UnsafeBufferPointer<Float> {
        unsafe UnsafeBufferPointer(rebasing: samples[range])
    }
}

/// 60 dB over full scale: what no recording holds, and what would drown the filter for long.
private let largestSample: Float = 1000

/// The sample itself, or 0 for what is no sound: NaN, infinities and values beyond ±1000.
@inline(__always)
func soundOrZero(_ sample: Float) -> Float {
    abs(sample) <= largestSample ? sample : 0
}
