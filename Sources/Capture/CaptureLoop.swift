import CEmotionALSA
import EmotionCore
import Glibc

/// The body of the capture thread: waits for the device, reads, converts, hands on, and recovers.
///
/// All memory is allocated by `init`. `run()` allocates nothing, locks nothing and logs nothing; what there is to say
/// goes into the counters as numbers.
///
/// Unchecked: after `begin()` only the capture thread touches it.
@safe final class CaptureLoop: @unchecked Sendable {
    /// The reason for `.lost` when there is no ALSA code: nothing came for too long.
    static let stalled = 1

    private let device: PCMDevice
    private let mode: ChannelMode
    private let counters: SourceCounters
    private let wake: WakeEvent
    private let sink: SampleSink
    private let lost: LossSink
    private let resampler: Resampler?
    private let stallNanoseconds: Int

    private let raw: UnsafeMutableRawBufferPointer
    /// A period's frames, of the channels that come out, before and after conversion of the rate.
    private let unpacked: SampleBuffer
    private let converted: SampleBuffer
    /// The device's descriptors, and the wake event's behind them.
    private let watched: UnsafeMutableBufferPointer<pollfd>
    private var watchedCount = 0

    /// When all sound up to then had been read but for `unread` frames: what an overrun's length is reckoned from.
    private var lastReadTime = 0
    private var unread = 0
    /// How long the device has given nothing while this thread ran, and when that was looked at last.
    private var quietNanoseconds = 0
    private var lastTurnTime = 0
    /// The device's start, the frames read since, and the greatest lead over the clock of the present second.
    private var startTime = 0
    private var framesSinceStart = 0
    private var greatestLead = Int.min
    private var nextLeadTime = 0
    private var nextDelayTime = 0
    /// How much sound, in nanoseconds, the device may still deliver ahead of the clock.
    private var credit = CaptureLoop.mostCredit
    private var lastCreditTime = 0

    /// Sound servers deliver up to two seconds at once.
    private static let mostCredit = 2_000_000_000
    /// Of a turn's time, what counts for a device that gives nothing.
    private static let longestTurn = 200_000_000

    /// - Returns: nil when the rate cannot be converted or there is no memory.
    init?(
        device: PCMDevice, mode: ChannelMode, counters: SourceCounters, wake: WakeEvent, stallSeconds: Double,
        sink: @escaping SampleSink, lost: @escaping LossSink
    ) {
        self.device = device
        self.mode = mode
        self.counters = counters
        self.wake = wake
        unsafe self.sink = sink
        self.lost = lost
        stallNanoseconds = Int(stallSeconds * 1e9)
        unsafe raw = .allocate(
            byteCount: device.periodFrames * device.channels * device.sampleFormat.bytes, alignment: 16)
        unpacked = SampleBuffer(count: device.periodFrames * mode.count)
        resampler = device.rate == AudioFormat.sampleRate ? nil : Resampler(from: device.rate, channels: mode.count)
        converted = SampleBuffer(count: (resampler?.outputBound(inputs: device.periodFrames) ?? 1) * mode.count)
        unsafe watched = .allocate(capacity: max(1, Int(snd_pcm_poll_descriptors_count(device.handle))) + 1)
        unsafe watched.initialize(repeating: pollfd())
        if device.rate != AudioFormat.sampleRate && resampler == nil { return nil }
    }

    deinit {
        unsafe raw.deallocate()
        unsafe watched.deallocate()
    }

    /// Starts the device; called before the thread is made, so that its refusal can be thrown.
    ///
    /// - Returns: A negative ALSA code for a failure.
    func begin() -> Int32 {
        let code = restart()
        lastTurnTime = lastReadTime
        lastCreditTime = lastReadTime
        return code
    }

    func run() {
        counters.note(realTime: WorkerThread.raiseToRealTime())
        while !wake.isSignalled {
            waitForSound()
            if wake.isSignalled { break }
            let frames = readAll()
            if frames < 0 {
                let code = recover(from: Int32(frames))
                if code < 0 && !wake.isSignalled {
                    unsafe snd_pcm_drop(device.handle)
                    counters.enter(.lost, reason: Int(code))
                    return
                }
                continue
            }
            let now = monotonicNanoseconds()
            // A turn takes a tenth of a second: what stopped this thread for longer may have stopped the device too.
            quietNanoseconds = frames > 0 ? 0 : quietNanoseconds + min(now - lastTurnTime, Self.longestTurn)
            lastTurnTime = now
            if frames > 0 {
                throttle(frames: frames, now: now)
            } else if quietNanoseconds > stallNanoseconds {
                unsafe snd_pcm_drop(device.handle)
                counters.enter(.lost, reason: Self.stalled)
                return
            } else {
                // Plugins wake us with nothing to read, some for as long as there is nothing: to spin at real-time
                // priority would keep a sound server from ever having something.
                wake.wait(until: now + 2_000_000)
            }
        }
        unsafe snd_pcm_drop(device.handle)
        counters.enter(.finished)
    }

    // MARK: One turn

    /// Sleeps until the device has a period, something is wrong with it, a tenth of a second has gone or we shall stop.
    private func waitForSound() {
        unsafe watched[watchedCount] = pollfd(fd: wake.descriptor, events: Int16(POLLIN), revents: 0)
        guard let first = unsafe watched.baseAddress,
            unsafe poll(first, nfds_t(watchedCount + 1), 100) > 0
        else { return }
        // The plugins count on being asked after each poll. What they answer says less than a look at what is there.
        var events: UInt16 = 0
        unsafe snd_pcm_poll_descriptors_revents(device.handle, first, UInt32(watchedCount), &events)
    }

    /// Reads and hands on all that the device has by now.
    ///
    /// - Returns: The number of frames, or a negative ALSA code.
    private func readAll() -> Int {
        let time = monotonicNanoseconds()
        let available = unsafe snd_pcm_avail(device.handle)
        guard available >= 0 else { return available }
        noteDelay(time)
        noteLead(time, available)
        var frames = 0
        // At most a buffer a turn, so that a device faster than time itself cannot keep us from stopping.
        while frames < device.bufferFrames {
            let count = unsafe snd_pcm_readi(
                device.handle, raw.baseAddress, snd_pcm_uframes_t(device.periodFrames))
            if count == 0 || count == -Int(EAGAIN) { break }
            guard count > 0 else { return count }
            frames += count
            framesSinceStart += count
            lastReadTime = time
            unread = max(0, available - frames)
            counters.note(heardUntil: time - unread * 1_000_000_000 / device.rate)
            deliver(frames: count)
            if count < device.periodFrames { break }
        }
        return frames
    }

    /// Sleeps where a device delivers faster than time itself, as `null` and file devices do: at real-time priority it
    /// would take a whole processor. Gains a quarter on the clock, which no real device's clock exceeds.
    private func throttle(frames: Int, now: Int) {
        credit = min(Self.mostCredit, credit + (now - lastCreditTime) / 4 * 5)
        credit -= frames * 1_000_000_000 / device.rate
        lastCreditTime = now
        if credit < 0 { wake.wait(until: now - credit) }
    }

    /// Once a second: for some plugins the question goes to a server.
    private func noteDelay(_ time: Int) {
        guard time >= nextDelayTime else { return }
        nextDelayTime = time + 1_000_000_000
        var delay = snd_pcm_sframes_t(0)
        if unsafe snd_pcm_delay(device.handle, &delay) >= 0, delay >= 0 {
            counters.note(delay: Double(delay) / Double(device.rate) + (resampler?.lookahead ?? 0))
        }
    }

    private func noteLead(_ time: Int, _ available: Int) {
        let frames = framesSinceStart + available
        greatestLead = max(greatestLead, frames * 1_000_000_000 / device.rate - (time - startTime))
        guard time >= nextLeadTime else { return }
        counters.note(lead: greatestLead)
        (greatestLead, nextLeadTime) = (.min, time + 1_000_000_000)
    }

    private func deliver(frames: Int) {
        switch mode {
        case .mixed:
            unsafe device.sampleFormat.mixDown(
                UnsafeRawBufferPointer(raw), frames: frames, channels: device.channels, into: unpacked.samples)
        case .split:
            unsafe device.sampleFormat.pick(
                UnsafeRawBufferPointer(raw), frames: frames, channels: device.channels, first: mode.count,
                into: unpacked.samples)
        }
        let count = frames * mode.count
        guard let resampler else {
            unsafe deliver(unpacked[0..<count])
            return
        }
        var used = 0
        while true {
            let (consumed, produced) = unsafe resampler.process(
                unpacked[used..<count], into: converted.samples, isLast: false)
            used += consumed
            if produced > 0 { unsafe deliver(converted[0..<produced]) }
            if consumed == 0 && produced == 0 { return }
        }
    }

    private func deliver(_ samples: UnsafeBufferPointer<Float>) {
        let taken = unsafe min(max(0, sink(samples)), samples.count)
        counters.countDelivered(taken / mode.count)
        if taken < samples.count { counters.countRefused((samples.count - taken) / mode.count) }
    }

    // MARK: Recovery

    /// Gets the device going again after an overrun or a suspended machine, and counts what was lost.
    ///
    /// - Returns: A negative ALSA code when the device cannot be had back.
    private func recover(from code: Int32) -> Int32 {
        switch -code {
        case EINTR:
            return 0
        case EPIPE:
            break
        case ESTRPIPE:
            // The machine slept: the driver may need a while. Where it cannot resume, starting afresh does.
            while unsafe snd_pcm_resume(device.handle) == -EAGAIN {
                if wake.wait(until: monotonicNanoseconds() + 10_000_000) { return 0 }
            }
        default:
            return code
        }
        let (since, left) = (lastReadTime, unread)
        let restarted = restart()
        guard restarted >= 0 else { return restarted }
        let seconds = Double(lastReadTime - since) / 1e9 + Double(left) / Double(device.rate)
        let samples = Int((seconds * Double(AudioFormat.sampleRate)).rounded())
        counters.countOverrun(lost: samples)
        lost(samples)
        quietNanoseconds = 0
        return 0
    }

    private func restart() -> Int32 {
        var code = unsafe snd_pcm_prepare(device.handle)
        if code >= 0 { code = unsafe snd_pcm_start(device.handle) }
        guard code >= 0 else { return code }
        lastReadTime = monotonicNanoseconds()
        unread = 0
        (startTime, framesSinceStart) = (lastReadTime, 0)
        (greatestLead, nextLeadTime) = (.min, lastReadTime + 1_000_000_000)
        counters.note(heardUntil: lastReadTime)
        unsafe watchedCount = max(
            0, Int(snd_pcm_poll_descriptors(device.handle, watched.baseAddress, UInt32(watched.count - 1))))
        return 0
    }
}
