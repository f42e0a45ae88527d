import EmotionCore
import Glibc

/// Collects the samples that a source delivers. It allocates and locks, which a test's sink may.
final class SampleCollector: Sendable {
    private let taken = Locked<[Float]>([])

    var samples: [Float] { taken.withLock { $0 } }
    var count: Int { taken.withLock { $0.count } }

    func take(_ samples: UnsafeBufferPointer<Float>) -> Int {
        taken.withLock { $0.append(contentsOf: samples) }
        return samples.count
    }
}

/// Polls until `condition` holds; false after `seconds`.
func eventually(within seconds: Double = 10, _ condition: () -> Bool) -> Bool {
    // Polls are counted, not time, so that a machine that stands still for a while does not use the time up.
    for _ in 0..<Int(seconds / 0.005) {
        if condition() { return true }
        usleep(5_000)
    }
    return condition()
}
