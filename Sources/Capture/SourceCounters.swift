import Synchronization

/// What a source's thread writes and `status` reads: atomics only, so that a real-time thread never waits for a reader.
final class SourceCounters: Sendable {
    enum Phase: Int {
        case idle, running, finished, lost
    }

    private let phaseNumber = Atomic<Int>(Phase.idle.rawValue)
    private let reason = Atomic<Int>(0)
    private let delivered = Atomic<Int>(0)
    private let overruns = Atomic<Int>(0)
    private let lost = Atomic<Int>(0)
    private let refused = Atomic<Int>(0)
    private let lossPosition = Atomic<Int>(-1)
    private let delayMicroseconds = Atomic<Int>(-1)
    private let heardUntil = Atomic<Int>(-1)
    private let leadNanoseconds = Atomic<Int>(.min)
    private let realTime = Atomic<Int>(-1)

    /// The phase and the number that explains it: an ALSA code or 1, nothing came for too long.
    var phase: (phase: Phase, reason: Int) {
        let phase = Phase(rawValue: phaseNumber.load(ordering: .acquiring)) ?? .idle
        return (phase, reason.load(ordering: .relaxed))
    }

    /// The reason is stored first, so that whoever sees the phase sees its reason.
    func enter(_ phase: Phase, reason: Int = 0) {
        self.reason.store(reason, ordering: .relaxed)
        phaseNumber.store(phase.rawValue, ordering: .releasing)
    }

    /// From idle to running: false when the source had been started before.
    func begin() -> Bool {
        phaseNumber.compareExchange(
            expected: Phase.idle.rawValue, desired: Phase.running.rawValue, ordering: .acquiringAndReleasing
        ).exchanged
    }

    func countDelivered(_ samples: Int) {
        delivered.wrappingAdd(samples, ordering: .relaxed)
    }

    func countRefused(_ samples: Int) {
        lossPosition.store(delivered.load(ordering: .relaxed), ordering: .relaxed)
        refused.wrappingAdd(samples, ordering: .relaxed)
    }

    func countOverrun(lost samples: Int) {
        lossPosition.store(delivered.load(ordering: .relaxed), ordering: .relaxed)
        lost.wrappingAdd(samples, ordering: .relaxed)
        overruns.wrappingAdd(1, ordering: .releasing)
    }

    func note(delay seconds: Double) {
        delayMicroseconds.store(Int(seconds * 1e6), ordering: .relaxed)
    }

    func note(heardUntil time: Int) {
        heardUntil.store(time, ordering: .relaxed)
    }

    func note(lead nanoseconds: Int) {
        leadNanoseconds.store(nanoseconds, ordering: .relaxed)
    }

    func note(realTime: Bool) {
        self.realTime.store(realTime ? 1 : 0, ordering: .relaxed)
    }

    /// All but `state`, whose text only the source knows.
    var snapshot: SourceStatus {
        var status = SourceStatus()
        status.overruns = overruns.load(ordering: .acquiring)
        status.samplesLostToOverruns = lost.load(ordering: .relaxed)
        status.samplesRefused = refused.load(ordering: .relaxed)
        status.samplesDelivered = delivered.load(ordering: .relaxed)
        let position = lossPosition.load(ordering: .relaxed)
        status.lastLossPosition = position < 0 ? nil : position
        let delay = delayMicroseconds.load(ordering: .relaxed)
        status.deviceDelay = delay < 0 ? nil : Double(delay) / 1e6
        let heard = heardUntil.load(ordering: .relaxed)
        status.heardUntil = heard < 0 ? nil : heard
        let lead = leadNanoseconds.load(ordering: .relaxed)
        status.lead = lead == .min ? nil : Double(lead) / 1e9
        let priority = realTime.load(ordering: .relaxed)
        status.isRealTime = priority < 0 ? nil : priority == 1
        return status
    }
}
