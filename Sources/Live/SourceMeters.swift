import Dispatch
import EmotionCapture
import EmotionCore
import EmotionStream
import Synchronization

/// The sources that can be heard, each with its level now, for as long as somebody chooses one.
///
/// Each source is opened, one after another in the background, and closed by `close()`. Sound is measured and forgotten.
package final class SourceMeters: Sendable {
    /// A source that can be chosen.
    package struct Meter: Equatable, Sendable {
        /// The ALSA name.
        package var device: String
        /// The name for people.
        package var description: String
        /// Whether the session hears it.
        package var isHeard = false
        /// The level in dBFS; nil before it is known.
        package var level: Float?
        /// Why it cannot be opened; nil where it can.
        package var problem: String?
    }

    /// The most sources that are opened at once; the levels of others are not known.
    private static let limit = 12

    /// A source while it is measured.
    private struct Entry {
        var meter: Meter
        var source: (any AudioSource)?
        let loudness = Loudness()
    }

    /// The mean square of the newest sound, which a source's thread writes.
    private final class Loudness: Sendable {
        private let bits = Atomic<UInt32>(Float.nan.bitPattern)

        func take(_ samples: UnsafeBufferPointer<Float>) {
            var sum: Float = 0
            for index in samples.indices { unsafe sum += samples[index] * samples[index] }
            let mean = sum / Float(max(1, samples.count))
            let before = Float(bitPattern: bits.load(ordering: .relaxed))
            // A level that falls takes a third of a second or so, to be read.
            bits.store((before.isNaN ? mean : max(mean, before * 0.85)).bitPattern, ordering: .relaxed)
        }

        /// In dBFS; nil before there was sound.
        var level: Float? {
            let mean = Float(bitPattern: bits.load(ordering: .relaxed))
            return mean.isNaN ? nil : Level.decibels(mean.squareRoot())
        }
    }

    private let queue = DispatchQueue(label: "emoscope.meters", qos: .userInitiated)
    private let entries = Locked<[Entry]>([])
    private let isClosed = Atomic<Bool>(false)

    /// Begins to list and to open the sources.
    ///
    /// - Parameter device: The ALSA name of the device that the session hears, which is not opened again.
    package init(heard device: String) {
        queue.async { [self] in
            let devices = CaptureDevice.list().filter { $0.kind != .rawCard }
            entries.withLock { entries in
                entries = devices.map {
                    Entry(meter: Meter(device: $0.name, description: $0.description, isHeard: $0.name == device))
                }
            }
            for index in devices.indices.prefix(Self.limit) where devices[index].name != device { open(index) }
        }
    }

    /// The sources as they are now; empty while they are listed.
    package var meters: [Meter] {
        entries.withLock { entries in
            entries.map { entry in
                var meter = entry.meter
                meter.level = entry.loudness.level
                if case .lost(let error) = entry.source?.status.state { meter.problem = error.problem }
                return meter
            }
        }
    }

    /// Closes the sources, in the background.
    package func close() {
        isClosed.store(true, ordering: .relaxed)
        queue.async { [self] in
            let open = entries.withLock { entries in
                defer { for index in entries.indices { entries[index].source = nil } }
                return entries.compactMap(\.source)
            }
            for source in open { source.stop() }
        }
    }

    private func open(_ index: Int) {
        guard !isClosed.load(ordering: .relaxed) else { return }
        let (device, loudness) = entries.withLock { ($0[index].meter.device, $0[index].loudness) }
        let source = ALSASource(device: device)
        do throws(CaptureError) {
            try unsafe source.start { samples in
                unsafe loudness.take(samples)
                return samples.count
            }
            entries.withLock { $0[index].source = source }
        } catch {
            entries.withLock { $0[index].meter.problem = error.problem }
        }
    }
}
