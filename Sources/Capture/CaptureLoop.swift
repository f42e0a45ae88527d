import CEmotionALSA
import EmotionCore
import EmotionSoundFiles
import Glibc

/// The loop of the capture thread: it waits for the device, reads, converts and delivers sound, and recovers from
/// overruns.
///
/// `init` allocates all memory. `run()` allocates nothing, locks nothing and logs nothing; it reports through the
/// counters.
@safe final class CaptureLoop {
    /// The reason of `.lost` for a device that delivered nothing for too long; ALSA's own codes are negative.
    static let stalled = 1

    private let device: PCMDevice
    private let mode: ChannelMode
    private let counters: SourceCounters
    private let wake: WakeEvent
    private let sink: SampleSink
    private let lost: LossSink
    private let resampler: Resampler?

    /// A period as the device writes it.
    private let raw: UnsafeMutableRawBufferPointer
    /// The same period as floats of the channels that are delivered.
    private let unpacked: SampleBuffer
    /// The same at 16 kHz.
    private let converted: SampleBuffer
    /// The device's descriptors, then the wake event's.
    private let pollDescriptors: UnsafeMutableBufferPointer<pollfd>
    private var deviceDescriptors = 0

    /// Time of the last read, and the frames that the device then still held: an overrun loses these and all later
    /// ones.
    private var lastReadTime = 0
    private var unreadFrames = 0

    private var throttle = DeliveryThrottle(at: 0)
    private var stall: StallDetector
    private var leadMeter: LeadMeter

    /// How long `poll` waits at most, in milliseconds.
    private static let pollTimeout: Int32 = 100
    /// Nanoseconds that the loop waits after a wake-up without sound.
    ///
    /// Some plugins wake their reader all the time while they have no sound. A loop that spins then, at real-time
    /// priority, keeps the sound server from ever delivering any.
    private static let pauseWithoutSound = 2_000_000

    /// Creates a loop; fails when there is no memory or the device's rate cannot be converted.
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
        stall = StallDetector(seconds: stallSeconds)
        leadMeter = LeadMeter(rate: device.rate)
        unsafe raw = .allocate(
            byteCount: device.periodFrames * device.channels * device.sampleFormat.bytes, alignment: 16)
        unpacked = SampleBuffer(count: device.periodFrames * mode.count)
        resampler = device.rate == AudioFormat.sampleRate ? nil : Resampler(from: device.rate, channels: mode.count)
        converted = SampleBuffer(count: (resampler?.outputBound(inputs: device.periodFrames) ?? 1) * mode.count)
        unsafe pollDescriptors = .allocate(capacity: max(1, Int(snd_pcm_poll_descriptors_count(device.handle))) + 1)
        unsafe pollDescriptors.initialize(repeating: pollfd())
        if device.rate != AudioFormat.sampleRate && resampler == nil { return nil }
    }

    deinit {
        unsafe raw.deallocate()
        unsafe pollDescriptors.deallocate()
    }

    /// Starts the device. Called before the thread exists, so that a failure can be thrown.
    ///
    /// - Returns: A negative ALSA code on failure.
    func start() -> Int32 {
        let code = restartDevice()
        throttle = DeliveryThrottle(at: lastReadTime)
        stall.reset(at: lastReadTime)
        return code
    }

    /// Reads the device until `wake` is signalled or the device is lost.
    func run() {
        counters.record(isRealTime: WorkerThread.raiseToRealTime())
        while !wake.isSignalled {
            waitForSound()
            if wake.isSignalled { break }
            let frames = readAvailable()
            if frames < 0 {
                let code = recover(from: Int32(frames))
                if code < 0 && !wake.isSignalled { return endAsLost(reason: Int(code)) }
                continue
            }
            let now = Clock.now
            if stall.hasStalled(hasSound: frames > 0, at: now) { return endAsLost(reason: Self.stalled) }
            if frames == 0 {
                wake.wait(until: now + Self.pauseWithoutSound)
            } else if let deadline = throttle.deadline(afterReading: nanoseconds(frames), at: now) {
                wake.wait(until: deadline)
            }
        }
        unsafe snd_pcm_drop(device.handle)
        counters.enter(.finished)
    }

    private func endAsLost(reason: Int) {
        unsafe snd_pcm_drop(device.handle)
        counters.enter(.lost, reason: reason)
    }

    private func nanoseconds(_ frames: Int) -> Int { frames * 1_000_000_000 / device.rate }

    // MARK: Reading

    /// Waits until the device has a period or an error, the wake event is signalled, or a tenth of a second is over.
    private func waitForSound() {
        unsafe pollDescriptors[deviceDescriptors] = pollfd(fd: wake.descriptor, events: Int16(POLLIN), revents: 0)
        guard let first = unsafe pollDescriptors.baseAddress,
            unsafe poll(first, nfds_t(deviceDescriptors + 1), Self.pollTimeout) > 0
        else { return }
        // Plugins need this call after each poll. Its result is not used: `snd_pcm_avail` gives more.
        var events: UInt16 = 0
        unsafe snd_pcm_poll_descriptors_revents(device.handle, first, UInt32(deviceDescriptors), &events)
    }

    /// Reads and delivers the frames that the device has, at most one buffer, so that a device that is faster than real
    /// time cannot keep the loop from ending.
    ///
    /// - Returns: The number of frames, or a negative ALSA code.
    private func readAvailable() -> Int {
        let time = Clock.now
        let available = unsafe snd_pcm_avail(device.handle)
        guard available >= 0 else { return available }
        if let lead = leadMeter.lead(available: available, at: time) { counters.record(lead: lead) }
        var frames = 0
        while frames < device.bufferFrames {
            let count = unsafe snd_pcm_readi(
                device.handle, raw.baseAddress, snd_pcm_uframes_t(device.periodFrames))
            if count == 0 || count == -Int(EAGAIN) { break }
            guard count > 0 else { return count }
            frames += count
            leadMeter.add(frames: count)
            lastReadTime = time
            unreadFrames = max(0, available - frames)
            counters.record(lastSampleTime: time - nanoseconds(unreadFrames))
            deliver(frames: count)
            if count < device.periodFrames { break }
        }
        return frames
    }

    /// Converts the frames in `raw` to 16 kHz floats and passes them to the sink.
    private func deliver(frames: Int) {
        switch mode {
        case .mixed:
            let areCancelled = unsafe device.sampleFormat.mixDown(
                UnsafeRawBufferPointer(raw), frames: frames, channels: device.channels, into: unpacked.samples)
            if areCancelled { counters.countCancelled(frames * AudioFormat.sampleRate / device.rate) }
        case .split:
            unsafe device.sampleFormat.split(
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

    /// Restarts the device after an overrun or a suspend, and counts the sound that was lost.
    ///
    /// - Returns: A negative ALSA code when the device cannot be restarted.
    private func recover(from code: Int32) -> Int32 {
        switch -code {
        case EINTR:
            return 0
        case EPIPE:
            break
        case ESTRPIPE:
            // The machine was suspended. The driver may need a while to resume; where it cannot, a restart works.
            while unsafe snd_pcm_resume(device.handle) == -EAGAIN {
                if wake.wait(until: Clock.now + 10_000_000) { return 0 }
            }
        default:
            return code
        }
        let (lossTime, lossFrames) = (lastReadTime, unreadFrames)
        let restarted = restartDevice()
        guard restarted >= 0 else { return restarted }
        let samples = AudioFormat.samples(
            Double(lastReadTime - lossTime) / 1e9 + Double(lossFrames) / Double(device.rate))
        counters.countOverrun(lost: samples)
        lost(samples)
        stall.reset(at: lastReadTime)
        return 0
    }

    private func restartDevice() -> Int32 {
        var code = unsafe snd_pcm_prepare(device.handle)
        if code >= 0 { code = unsafe snd_pcm_start(device.handle) }
        guard code >= 0 else { return code }
        lastReadTime = Clock.now
        unreadFrames = 0
        leadMeter.restart(at: lastReadTime)
        counters.record(lastSampleTime: lastReadTime)
        unsafe deviceDescriptors = max(
            0,
            Int(
                snd_pcm_poll_descriptors(
                    device.handle, pollDescriptors.baseAddress, UInt32(pollDescriptors.count - 1))))
        return 0
    }
}
