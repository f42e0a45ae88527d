import CEmotionKissFFT
import Glibc

/// The discrete Fourier transform of a real signal, by KissFFT. One thread at a time may use it.
@safe final class RealFFT {
    /// The number of points, even.
    let size: Int
    /// The number of frequencies from 0 to half the sample rate: size / 2 + 1.
    var bins: Int { size / 2 + 1 }

    private let plan: kiss_fftr_cfg
    private let spectrum: UnsafeMutablePointer<kiss_fft_cpx>
    private let frame: UnsafeMutablePointer<Float>

    init(size: Int) {
        precondition(size > 0 && size.isMultiple(of: 2) && size <= 1 << 20)
        self.size = size
        guard let plan = unsafe kiss_fftr_alloc(Int32(size), 0, nil, nil) else { fatalError("out of memory") }
        unsafe self.plan = unsafe plan
        unsafe spectrum = .allocate(capacity: size / 2 + 1)
        unsafe frame = .allocate(capacity: size)
    }

    deinit {
        unsafe free(UnsafeMutableRawPointer(plan))
        unsafe spectrum.deallocate()
        unsafe frame.deallocate()
    }

    /// power[k] ← |DFT of window · x|² at bin k. `x` and `window` have `size` elements each, `power` has `bins`.
    func power(of x: Matrix, window: Matrix, into power: MutableMatrix) {
        precondition(x.count == size && window.count == size && power.count == bins)
        precondition(x.isContiguous && window.isContiguous && power.isContiguous)
        for index in 0..<size {
            unsafe frame[index] = x.base[index] * window.base[index]
        }
        unsafe kiss_fftr(plan, frame, spectrum)
        for bin in 0..<bins {
            let value = unsafe spectrum[bin]
            unsafe power.base[bin] = value.r * value.r + value.i * value.i
        }
    }
}
