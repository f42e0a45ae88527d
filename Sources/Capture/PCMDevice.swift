import CEmotionALSA
import EmotionCore
import EmotionSoundFiles
import Glibc

/// The format that a device agreed to.
public struct DeviceFormat: Equatable, Sendable {
    /// The rate before conversion, in Hz.
    public let sampleRate: Int
    /// The number of channels before they are mixed or split.
    public let channels: Int
    /// ALSA's name of the sample format, such as `S16_LE`.
    public let sampleFormat: String
}

/// The format that a device is asked for first; it may offer another.
struct PCMPreferences: Sendable {
    var rate = AudioFormat.sampleRate
    var channels = 1
    /// `.split` asks for two channels, and refuses a device with fewer.
    var mode = ChannelMode.mixed
    var formats = SampleFormat.preferred
    /// 20 ms: short against a hop of 500 ms, and 50 wake-ups a second cost little.
    var periodMicroseconds: UInt32 = 20_000
    /// Half a second: how late the thread may read before sound is lost.
    var bufferMicroseconds: UInt32 = 500_000
}

/// An open ALSA capture device with its negotiated format; it owns the handle.
@safe final class PCMDevice {
    let handle: OpaquePointer
    let name: String
    private(set) var sampleFormat = SampleFormat.preferred[0]
    private(set) var rate = 0
    private(set) var channels = 0
    private(set) var periodFrames = 0
    private(set) var bufferFrames = 0

    /// Opens the device, without waiting for a program that holds it, and negotiates a format.
    init(name: String, preferences: PCMPreferences) throws(CaptureError) {
        calsa_silence_errors()
        guard !name.isEmpty, !name.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else {
            throw CaptureError(
                .device, name, cannot: "open", because: "a device is a name, since numbers move between boots",
                advice: "`emoscope devices` lists the names for -D")
        }
        var opened: OpaquePointer?
        let code = unsafe snd_pcm_open(&opened, name, SND_PCM_STREAM_CAPTURE, Int32(SND_PCM_NONBLOCK))
        guard code >= 0, let opened = unsafe opened else {
            throw Self.openError(name, code)
        }
        unsafe handle = opened
        self.name = name
        try negotiate(preferences)
    }

    deinit {
        unsafe snd_pcm_close(handle)
    }

    var format: DeviceFormat {
        DeviceFormat(sampleRate: rate, channels: channels, sampleFormat: sampleFormat.name)
    }

    // MARK: Negotiation

    private func negotiate(_ preferences: PCMPreferences) throws(CaptureError) {
        var allocated: OpaquePointer?
        guard unsafe snd_pcm_hw_params_malloc(&allocated) >= 0, let parameters = unsafe allocated else {
            throw refusal("there is no memory left")
        }
        defer { unsafe snd_pcm_hw_params_free(parameters) }
        guard unsafe snd_pcm_hw_params_any(handle, parameters) >= 0 else {
            throw refusal("it offers no configuration at all")
        }
        // Only the device's own rates: our resampler is better than alsa-lib's default one.
        unsafe snd_pcm_hw_params_set_rate_resample(handle, parameters, 0)
        guard unsafe snd_pcm_hw_params_set_access(handle, parameters, SND_PCM_ACCESS_RW_INTERLEAVED) >= 0 else {
            throw refusal("it has no interleaved frames to read")
        }
        let formats = preferences.formats.filter {
            unsafe snd_pcm_hw_params_test_format(handle, parameters, $0.code) >= 0
        }
        guard let format = formats.first,
            unsafe snd_pcm_hw_params_set_format(handle, parameters, format.code) >= 0
        else { throw refusal("it offers no sample format that this program reads (linear PCM or float)") }
        sampleFormat = format
        channels = try unsafe chooseChannels(preferences, parameters)
        rate = try unsafe chooseRate(preferences, parameters)
        try unsafe chooseBuffer(preferences, parameters)
        let code = unsafe snd_pcm_hw_params(handle, parameters)
        guard code >= 0 else {
            let tried = "\(rate) Hz, \(channels) channel\(channels == 1 ? "" : "s"), \(format.name)"
            throw refusal("it refuses \(tried) (\(alsaMessage(code)))")
        }
        try setWakeUps()
    }

    private func chooseChannels(_ preferences: PCMPreferences, _ parameters: OpaquePointer) throws(CaptureError) -> Int
    {
        var count = UInt32(max(preferences.channels, preferences.mode.count))
        // The preferred number of channels if the device has it, else the least number that is enough for the mode.
        if unsafe snd_pcm_hw_params_test_channels(handle, parameters, count) < 0 {
            var least = UInt32(preferences.mode.count)
            guard unsafe snd_pcm_hw_params_set_channels_min(handle, parameters, &least) >= 0 else {
                unsafe snd_pcm_hw_params_get_channels_max(parameters, &count)
                throw CaptureError(
                    .device, name, cannot: "split", because: preferences.mode.problem(channels: Int(count)),
                    advice:
                        "leave --split-channels out, or name a device with two (`emoscope devices` lists what there is)"
                )
            }
            unsafe snd_pcm_hw_params_get_channels_min(parameters, &count)
        }
        guard (1...64).contains(count), unsafe snd_pcm_hw_params_set_channels(handle, parameters, count) >= 0 else {
            throw refusal("it offers \(count) channels at least, and this program reads up to 64")
        }
        return Int(count)
    }

    private func chooseRate(_ preferences: PCMPreferences, _ parameters: OpaquePointer) throws(CaptureError) -> Int {
        // 16 kHz needs no conversion; then its multiples, then rates that keep the band up to 8 kHz, then the nearest.
        let common: [Int] = [preferences.rate, 16_000, 32_000, 48_000, 96_000, 44_100, 192_000, 88_200, 24_000, 22_050]
        var rate = UInt32(preferences.rate)
        if let offered = common.first(where: {
            unsafe snd_pcm_hw_params_test_rate(handle, parameters, UInt32($0), 0) >= 0
        }) {
            rate = UInt32(offered)
        }
        let code = unsafe snd_pcm_hw_params_set_rate_near(handle, parameters, &rate, nil)
        guard code >= 0, (1_000...768_000).contains(rate) else {
            throw refusal("it offers no rate from 1 to 768 kHz")
        }
        return Int(rate)
    }

    private func chooseBuffer(_ preferences: PCMPreferences, _ parameters: OpaquePointer) throws(CaptureError) {
        var bufferTime = preferences.bufferMicroseconds
        var periodTime = preferences.periodMicroseconds
        unsafe snd_pcm_hw_params_set_buffer_time_near(handle, parameters, &bufferTime, nil)
        unsafe snd_pcm_hw_params_set_period_time_near(handle, parameters, &periodTime, nil)
        // Some devices fix these sizes only when all else is set; any sizes work.
        var period = snd_pcm_uframes_t(0)
        var buffer = snd_pcm_uframes_t(0)
        if unsafe snd_pcm_hw_params_get_period_size(parameters, &period, nil) < 0 {
            unsafe snd_pcm_hw_params_set_period_size_last(handle, parameters, &period, nil)
        }
        if unsafe snd_pcm_hw_params_get_buffer_size(parameters, &buffer) < 0 {
            unsafe snd_pcm_hw_params_set_buffer_size_last(handle, parameters, &buffer)
        }
        guard period > 0, buffer >= period, period <= 1 << 20 else {
            throw refusal("it offers no buffer that this program can use")
        }
        periodFrames = Int(period)
        bufferFrames = Int(buffer)
    }

    /// Asks for a wake-up for each period.
    private func setWakeUps() throws(CaptureError) {
        var allocated: OpaquePointer?
        guard unsafe snd_pcm_sw_params_malloc(&allocated) >= 0, let parameters = unsafe allocated else {
            throw refusal("there is no memory left")
        }
        defer { unsafe snd_pcm_sw_params_free(parameters) }
        unsafe snd_pcm_sw_params_current(handle, parameters)
        unsafe snd_pcm_sw_params_set_avail_min(handle, parameters, snd_pcm_uframes_t(periodFrames))
        let code = unsafe snd_pcm_sw_params(handle, parameters)
        guard code >= 0 else { throw refusal("it refuses to wake us for each period (\(alsaMessage(code)))") }
    }

    // MARK: Errors

    private func refusal(_ problem: String) -> CaptureError {
        let isRaw = name.hasPrefix("hw:") || name.hasPrefix("hw,")
        let advice = isRaw ? "try -D plug\(name)" : "try another of the names that `emoscope devices` lists"
        return CaptureError(.device, name, cannot: "open", because: problem, advice: advice)
    }

    private static func openError(_ name: String, _ code: Int32) -> CaptureError {
        let list = "`emoscope devices` lists what there is"
        let (problem, advice): (String, String) =
            switch -code {
            case ENOENT where name == "default":
                ("no sound card and no sound server is there", "plug a microphone in; \(list)")
            case ENOENT, ENODEV, ENXIO, EINVAL:
                ("there is no such capture device (\(alsaMessage(code)))", list)
            case EBUSY:
                ("another program is using it", "close that program, or try -D default, which shares")
            case EACCES, EPERM:
                ("this user may not use it", "add the user to the group audio and log in again")
            case ECONNREFUSED:
                ("its sound server does not answer", "start the sound server, or name a card: \(list)")
            default:
                (alsaMessage(code), list)
            }
        return CaptureError(.device, name, cannot: "open", because: problem, advice: advice)
    }
}

/// alsa-lib's message for one of its negative codes.
func alsaMessage(_ code: Int32) -> String {
    unsafe snd_strerror(code).map { unsafe String(cString: $0) } ?? "error \(code)"
}
