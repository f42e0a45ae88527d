import EmotionCapture
import EmotionCore
import EmotionStream
import Glibc

/// The check of the microphone: it opens, delivers sound, and runs with real-time priority.
enum MicrophoneCheck {
    /// The sound that is captured, in seconds.
    private static let length = 1.0
    /// The longest wait for the sound, in seconds: sound servers and wireless headsets may take two or three to begin.
    private static let timeout = 6.0

    /// Captures a second from a device and describes it.
    static func run(_ device: String) -> [Finding] {
        let ring = SampleRing(minimumCapacity: 4 * AudioFormat.sampleRate)
        let source = ALSASource(device: device)
        do {
            try unsafe source.start { samples in unsafe ring.write(samples) }
        } catch {
            let others = CaptureDevice.list().count
            let advice = others == 0 ? "; without a microphone, recordings can be replayed" : ""
            return [Finding(subject: "microphone", severity: .failure, text: error.description + advice, kind: .device)]
        }
        defer { source.stop() }
        var waited = 0.0
        while source.status.state == .running, waited < timeout,
            source.status.samplesDelivered < AudioFormat.samples(length)
        {
            Clock.sleep(milliseconds: 50)
            waited += 0.05
        }
        var samples = [Float](repeating: 0, count: 4 * AudioFormat.sampleRate)
        let count = unsafe samples.withUnsafeMutableBufferPointer { unsafe ring.read(into: $0) }
        let format = source.format
        return [
            level(device, format, Array(samples[..<count]), source.status), priority(source.status.isRealTime),
        ].compactMap { $0 }
    }

    /// Describes the captured sound: its format and its level.
    private static func level(
        _ device: String, _ format: DeviceFormat?, _ samples: [Float], _ status: SourceStatus
    ) -> Finding {
        var name = device
        if let format { name += ": \(format.sampleFormat), \(format.sampleRate) Hz, \(format.channels) ch" }
        func finding(_ severity: Finding.Severity, _ text: String) -> Finding {
            Finding(subject: "microphone", severity: severity, text: "\(name); \(text)", kind: .device)
        }
        if case .lost(let error) = status.state { return finding(.failure, error.description) }
        guard samples.count >= AudioFormat.sampleRate / 2 else {
            return finding(.failure, "it opens, but delivers nothing; see whether another program holds it")
        }
        let peak = samples.reduce(0) { max($0, abs($1)) }
        let loudness =
            "heard \(Double(Level.dbfs(samples)).decibelText) dBFS, peaks of "
            + "\(Double(Level.decibels(peak)).decibelText) dBFS"
        if peak == 0 { return finding(.warning, "digital silence: is it muted? (alsamixer, F4)") }
        if peak >= 0.999 { return finding(.warning, "\(loudness): it clips; turn it down (alsamixer, F4)") }
        return finding(.ok, loudness)
    }

    /// Describes the real-time priority of the capture thread; without it, the reason and the remedy.
    private static func priority(_ isRealTime: Bool?) -> Finding? {
        guard let isRealTime else { return nil }
        if isRealTime {
            return Finding(subject: "priority", severity: .ok, text: "the capture thread runs in real time")
        }
        var limit = rlimit()
        unsafe _ = getrlimit(Int32(bitPattern: __RLIMIT_RTPRIO.rawValue), &limit)
        let needed = ALSASource.realTimePriority
        let reason =
            limit.rlim_cur < needed
            ? "this user may not ask for it (ulimit -r is \(limit.rlim_cur), \(needed) is needed): put \"@audio - rtprio 20\" "
                + "into a file of /etc/security/limits.d, join the group audio, and log in again"
            : "the system refuses it although ulimit -r allows it: a container or control group without real-time time"
        return Finding(
            subject: "priority", severity: .warning,
            text: "the capture thread has no real-time priority, so a loaded machine may lose sound; " + reason)
    }
}
