import CEmotionALSA
import EmotionCore
import Glibc

/// What a device and we agreed on.
public struct DeviceFormat: Equatable, Sendable {
    /// Hz, before conversion.
    public let sampleRate: Int
    /// Before the mix to mono, or the choice of two.
    public let channels: Int
    /// ALSA's name of the sample format, such as `S16_LE`.
    public let sampleFormat: String
    /// Frames between two wake-ups.
    public let periodFrames: Int
    /// Frames that the device keeps for us: the time we may be late.
    public let bufferFrames: Int
}

/// What to ask of a device first; it may answer with anything.
struct PCMPreferences: Sendable {
    var rate = AudioFormat.sampleRate
    var channels = 1
    /// `.split` asks for two channels, and refuses a device with fewer.
    var mode = ChannelMode.mixed
    var formats = SampleFormat.preferred
    /// 20 ms: short against the hop, and 50 wake-ups a second cost nothing.
    var periodMicroseconds: UInt32 = 20_000
    /// Half a second of other work before sound is lost.
    var bufferMicroseconds: UInt32 = 500_000
}

/// An open ALSA capture device that has agreed on a format. Owns the handle.
@safe final class PCMDevice {
    let handle: OpaquePointer
    let name: String
    private(set) var sampleFormat = SampleFormat.preferred[0]
    private(set) var rate = 0
    private(set) var channels = 0
    private(set) var periodFrames = 0
    private(set) var bufferFrames = 0

    /// Opens `name`, not waiting for whoever holds it, and negotiates.
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
        DeviceFormat(
            sampleRate: rate, channels: channels, sampleFormat: sampleFormat.name, periodFrames: periodFrames,
            bufferFrames: bufferFrames)
    }

    // MARK: Negotiation

    private func negotiate(_ wanted: PCMPreferences) throws(CaptureError) {
        var allocated: OpaquePointer?
        guard unsafe snd_pcm_hw_params_malloc(&allocated) >= 0, let parameters = unsafe allocated else {
            throw refusal("there is no memory left")
        }
        defer { unsafe snd_pcm_hw_params_free(parameters) }
        guard unsafe snd_pcm_hw_params_any(handle, parameters) >= 0 else {
            throw refusal("it offers no configuration at all")
        }
        // Our own resampler is better than alsa-lib's default one, so ask for the rates of the device itself.
        unsafe snd_pcm_hw_params_set_rate_resample(handle, parameters, 0)
        guard unsafe snd_pcm_hw_params_set_access(handle, parameters, SND_PCM_ACCESS_RW_INTERLEAVED) >= 0 else {
            throw refusal("it has no interleaved frames to read")
        }
        let formats = wanted.formats.filter { unsafe snd_pcm_hw_params_test_format(handle, parameters, $0.code) >= 0 }
        guard let format = formats.first,
            unsafe snd_pcm_hw_params_set_format(handle, parameters, format.code) >= 0
        else { throw refusal("it offers no sample format that this program reads (linear PCM or float)") }
        sampleFormat = format
        channels = try unsafe chooseChannels(wanted, parameters)
        rate = try unsafe chooseRate(wanted, parameters)
        try unsafe chooseBuffer(wanted, parameters)
        let code = unsafe snd_pcm_hw_params(handle, parameters)
        guard code >= 0 else {
            let tried = "\(rate) Hz, \(channels) channel\(channels == 1 ? "" : "s"), \(format.name)"
            throw refusal("it refuses \(tried) (\(alsaText(code)))")
        }
        try setWakeUps()
    }

    private func chooseChannels(_ wanted: PCMPreferences, _ parameters: OpaquePointer) throws(CaptureError) -> Int {
        var count = UInt32(max(wanted.channels, wanted.mode.count))
        // As many channels as wanted if the device has them, else the fewest it offers that do.
        if unsafe snd_pcm_hw_params_test_channels(handle, parameters, count) < 0 {
            var least = UInt32(wanted.mode.count)
            guard unsafe snd_pcm_hw_params_set_channels_min(handle, parameters, &least) >= 0 else {
                unsafe snd_pcm_hw_params_get_channels_max(parameters, &count)
                throw CaptureError(.device, name, tooFewChannels: Int(count))
            }
            unsafe snd_pcm_hw_params_get_channels_min(parameters, &count)
        }
        guard (1...64).contains(count), unsafe snd_pcm_hw_params_set_channels(handle, parameters, count) >= 0 else {
            throw refusal("it offers \(count) channels at least, and this program reads up to 64")
        }
        return Int(count)
    }

    private func chooseRate(_ wanted: PCMPreferences, _ parameters: OpaquePointer) throws(CaptureError) -> Int {
        // 16 kHz needs no conversion; then multiples of it, then what keeps all of its band, then the rest.
        let common: [Int] = [wanted.rate, 16_000, 32_000, 48_000, 96_000, 44_100, 192_000, 88_200, 24_000, 22_050]
        var rate = UInt32(wanted.rate)
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

    private func chooseBuffer(_ wanted: PCMPreferences, _ parameters: OpaquePointer) throws(CaptureError) {
        var bufferTime = wanted.bufferMicroseconds
        var periodTime = wanted.periodMicroseconds
        unsafe snd_pcm_hw_params_set_buffer_time_near(handle, parameters, &bufferTime, nil)
        unsafe snd_pcm_hw_params_set_period_time_near(handle, parameters, &periodTime, nil)
        // Some devices fix these only when all is set; whatever they are, we work with them.
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

    /// Wake us for every period; start when told, not at the first read.
    private func setWakeUps() throws(CaptureError) {
        var allocated: OpaquePointer?
        guard unsafe snd_pcm_sw_params_malloc(&allocated) >= 0, let parameters = unsafe allocated else {
            throw refusal("there is no memory left")
        }
        defer { unsafe snd_pcm_sw_params_free(parameters) }
        unsafe snd_pcm_sw_params_current(handle, parameters)
        unsafe snd_pcm_sw_params_set_avail_min(handle, parameters, snd_pcm_uframes_t(periodFrames))
        let code = unsafe snd_pcm_sw_params(handle, parameters)
        guard code >= 0 else { throw refusal("it refuses to wake us for each period (\(alsaText(code)))") }
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
                ("there is no such capture device (\(alsaText(code)))", list)
            case EBUSY:
                ("another program is using it", "close that program, or try -D default, which shares")
            case EACCES, EPERM:
                ("this user may not use it", "add the user to the group audio and log in again")
            case ECONNREFUSED:
                ("its sound server does not answer", "start the sound server, or name a card: \(list)")
            default:
                (alsaText(code), list)
            }
        return CaptureError(.device, name, cannot: "open", because: problem, advice: advice)
    }
}

/// alsa-lib's words for one of its negative codes.
func alsaText(_ code: Int32) -> String {
    unsafe snd_strerror(code).map { unsafe String(cString: $0) } ?? "error \(code)"
}
