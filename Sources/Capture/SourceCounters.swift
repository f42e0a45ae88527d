import Synchronization

/// The counts that a source's thread writes and `status` reads. They are atomics, so that a real-time thread never
/// waits for a reader.
final class SourceCounters: Sendable {
    /// The state of a source, as a number.
    enum Phase: Int {
        case idle, running, finished, lost
    }

    private let phaseNumber = Atomic<Int>(Phase.idle.rawValue)
    private let reason = Atomic<Int>(0)
    private let delivered = Atomic<Int>(0)
    private let overruns = Atomic<Int>(0)
    private let lost = Atomic<Int>(0)
    private let refused = Atomic<Int>(0)
    private let cancelled = Atomic<Int>(0)
    private let lastSampleTime = Atomic<Int>(-1)
    private let leadNanoseconds = Atomic<Int>(.min)
    private let realTime = Atomic<Int>(-1)

    /// The phase and its reason: an ALSA code or `CaptureLoop.stalled`.
    var phase: (phase: Phase, reason: Int) {
        let phase = Phase(rawValue: phaseNumber.load(ordering: .acquiring)) ?? .idle
        return (phase, reason.load(ordering: .relaxed))
    }

    /// Enters a phase. The reason is stored first, so that a thread that reads the phase also sees its reason.
    func enter(_ phase: Phase, reason: Int = 0) {
        self.reason.store(reason, ordering: .relaxed)
        phaseNumber.store(phase.rawValue, ordering: .releasing)
    }

    /// Goes from `idle` to `running`; false when the source was started before.
    func begin() -> Bool {
        phaseNumber.compareExchange(
            expected: Phase.idle.rawValue, desired: Phase.running.rawValue, ordering: .acquiringAndReleasing
        ).exchanged
    }

    func countDelivered(_ samples: Int) {
        delivered.wrappingAdd(samples, ordering: .relaxed)
    }

    func countRefused(_ samples: Int) {
        refused.wrappingAdd(samples, ordering: .relaxed)
    }

    func countCancelled(_ samples: Int) {
        cancelled.wrappingAdd(samples, ordering: .relaxed)
    }

    func countOverrun(lost samples: Int) {
        lost.wrappingAdd(samples, ordering: .relaxed)
        overruns.wrappingAdd(1, ordering: .releasing)
    }

    func record(lastSampleTime time: Int) {
        lastSampleTime.store(time, ordering: .relaxed)
    }

    func record(lead nanoseconds: Int) {
        leadNanoseconds.store(nanoseconds, ordering: .relaxed)
    }

    func record(isRealTime: Bool) {
        realTime.store(isRealTime ? 1 : 0, ordering: .relaxed)
    }

    /// The status without `state`, because only the source can describe its errors.
    var snapshot: SourceStatus {
        var status = SourceStatus()
        status.overruns = overruns.load(ordering: .acquiring)
        status.samplesLostToOverruns = lost.load(ordering: .relaxed)
        status.samplesRefused = refused.load(ordering: .relaxed)
        status.samplesCancelled = cancelled.load(ordering: .relaxed)
        status.samplesDelivered = delivered.load(ordering: .relaxed)
        let time = lastSampleTime.load(ordering: .relaxed)
        status.lastSampleTime = time < 0 ? nil : time
        let lead = leadNanoseconds.load(ordering: .relaxed)
        status.lead = lead == .min ? nil : Double(lead) / 1e9
        let priority = realTime.load(ordering: .relaxed)
        status.isRealTime = priority < 0 ? nil : priority == 1
        return status
    }
}
