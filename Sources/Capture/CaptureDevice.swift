import CEmotionALSA
import Glibc

/// A capture device that ALSA lists.
public struct CaptureDevice: Equatable, Sendable {
    /// The kind of a device; devices are listed in this order.
    public enum Kind: Int, Equatable, Sendable {
        /// The device that is used when none is named.
        case standard
        /// A microphone of the sound server, which converts to any format.
        case source
        /// What the sound server plays, as a source.
        case monitor
        /// A card with conversion by ALSA: it takes any format.
        case card
        /// A card without conversion: it takes its own formats only.
        case rawCard
        /// A sound server or a device of the user's own configuration.
        case other
    }

    /// The ALSA name of the device. A card is named by its identifier (`CARD=…`), since numbers change between boots.
    public let name: String
    /// A text for people, such as `Blue Yeti, USB Audio`.
    public let description: String
    public let kind: Kind
    /// Whether it is the source that the sound server gives to whom names none.
    public var isServerDefault = false

    /// Lists all capture devices: the default one, then the sources of the sound server, then cards, then sound servers and
    /// devices of the user's configuration.
    public static func list() -> [CaptureDevice] {
        calsa_silence_errors()
        var seen = Set<String>()
        return (sources() + cards() + hints())
            .filter { seen.insert($0.name).inserted }
            .enumerated()
            .sorted { ($0.element.kind.rawValue, $0.offset) < ($1.element.kind.rawValue, $1.offset) }
            .map(\.element)
    }

    // MARK: The sound server

    /// The sources of the sound server, by the names under which ALSA opens them. There are none without a server, its
    /// client library, or alsa-lib's plugin for it.
    private static func sources() -> [CaptureDevice] {
        guard let sources = SoundServer.sources(), let first = sources.first(where: \.isDefault) ?? sources.first,
            canOpen(name(ofSource: first.name))
        else { return [] }
        return sources.map { source in
            CaptureDevice(
                name: name(ofSource: source.name), description: source.description,
                kind: source.isMonitor ? .monitor : .source, isServerDefault: source.isDefault)
        }
    }

    /// The ALSA name of a source: the plugin's, with the source's own as its argument. One with a character that ends an
    /// argument stands in quotes.
    static func name(ofSource name: String) -> String {
        let isPlain = name.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."):
                true
            default: false
            }
        }
        return isPlain ? "pulse:\(name)" : "pulse:DEVICE='\(name)'"
    }

    // MARK: Hardware

    private static func cards() -> [CaptureDevice] {
        var devices: [CaptureDevice] = []
        var card: Int32 = -1
        while unsafe snd_card_next(&card) >= 0, card >= 0 {
            devices += devicesOfCard(card)
        }
        return devices
    }

    private static func devicesOfCard(_ card: Int32) -> [CaptureDevice] {
        var opened: OpaquePointer?
        guard unsafe snd_ctl_open(&opened, "hw:\(card)", 0) >= 0, let control = unsafe opened else { return [] }
        defer { unsafe snd_ctl_close(control) }
        var cardInfo: OpaquePointer?
        var pcmInfo: OpaquePointer?
        guard unsafe snd_ctl_card_info_malloc(&cardInfo) >= 0 else { return [] }
        defer { unsafe snd_ctl_card_info_free(cardInfo) }
        guard unsafe snd_pcm_info_malloc(&pcmInfo) >= 0 else { return [] }
        defer { unsafe snd_pcm_info_free(pcmInfo) }
        guard unsafe snd_ctl_card_info(control, cardInfo) >= 0 else { return [] }
        let identifier = unsafe text(snd_ctl_card_info_get_id(cardInfo))
        let cardName = unsafe text(snd_ctl_card_info_get_name(cardInfo))
        guard !identifier.isEmpty else { return [] }

        var devices: [CaptureDevice] = []
        var number: Int32 = -1
        while unsafe snd_ctl_pcm_next_device(control, &number) >= 0, number >= 0 {
            unsafe snd_pcm_info_set_device(pcmInfo, UInt32(number))
            unsafe snd_pcm_info_set_subdevice(pcmInfo, 0)
            unsafe snd_pcm_info_set_stream(pcmInfo, SND_PCM_STREAM_CAPTURE)
            // Fails for a device that only plays.
            guard unsafe snd_ctl_pcm_info(control, pcmInfo) >= 0 else { continue }
            let address = "hw:CARD=\(identifier),DEV=\(number)"
            let description = "\(cardName), \(unsafe text(snd_pcm_info_get_name(pcmInfo)))"
            devices.append(CaptureDevice(name: "plug" + address, description: description, kind: .card))
            devices.append(
                CaptureDevice(name: address, description: description + ", without conversion", kind: .rawCard))
        }
        return devices
    }

    // MARK: ALSA's configuration

    /// Names that alsa-lib lists as inputs and that are no microphones: sinks, converters, other names of the cards
    /// above, and JACK, which is listed wherever its plugin is installed and prints errors when it is opened.
    private static let excludedNames: Set<String> = [
        "null", "samplerate", "speexrate", "lavrate", "speex", "upmix", "vdownmix", "oss", "jack", "hw", "plughw",
        "plug",
        "sysdefault", "front", "dsnoop", "dmix", "usbstream", "iec958", "spdif", "hdmi", "modem", "phoneline",
    ]

    /// Names that alsa-lib lists whether or not their sound server runs.
    private static let servers: Set<String> = ["default", "pulse", "pipewire"]

    /// Whether the device can be opened, or could be if no other program held it.
    private static func canOpen(_ name: String) -> Bool {
        var opened: OpaquePointer?
        let code = unsafe snd_pcm_open(&opened, name, SND_PCM_STREAM_CAPTURE, Int32(SND_PCM_NONBLOCK))
        if code >= 0 { unsafe snd_pcm_close(opened) }
        return code >= 0 || code == -EBUSY
    }

    private static func hints() -> [CaptureDevice] {
        var found: UnsafeMutablePointer<UnsafeMutableRawPointer?>?
        guard unsafe snd_device_name_hint(-1, "pcm", &found) >= 0, let hints = unsafe found else { return [] }
        defer { unsafe snd_device_name_free_hint(hints) }
        var devices: [CaptureDevice] = []
        var index = 0
        while let hint = unsafe hints[index] {
            index += 1
            // A device for both directions has no IOID.
            guard unsafe field("IOID", of: hint) ?? "Input" == "Input", let name = unsafe field("NAME", of: hint) else {
                continue
            }
            let family = name.prefix { $0 != ":" }
            guard !excludedNames.contains(String(family)), !family.hasPrefix("surround") else { continue }
            guard !servers.contains(name) || canOpen(name) else { continue }
            let lines = unsafe (field("DESC", of: hint) ?? name).split(separator: "\n")
            devices.append(
                CaptureDevice(
                    name: name, description: lines.joined(separator: ", "),
                    kind: name == "default" ? .standard : .other))
        }
        return devices
    }

    private static func field(_ key: String, of hint: UnsafeMutableRawPointer) -> String? {
        guard let value = unsafe snd_device_name_get_hint(hint, key) else { return nil }
        defer { unsafe free(value) }
        return unsafe String(cString: value)
    }

    private static func text(_ pointer: UnsafePointer<CChar>?) -> String {
        unsafe pointer.map { unsafe String(cString: $0) } ?? ""
    }
}
