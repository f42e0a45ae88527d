import ArgumentParser
import EmotionCapture

struct Devices: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "List the capture devices and their names for -D.",
        discussion: """
            The microphones of PulseAudio or PipeWire come first, by the names that the desktop shows; the server's default is \
            marked. Then come ALSA's cards, and the devices of your own configuration. A monitor carries what is played.
            """)

    /// A device as an object of JSON.
    private struct Line: Encodable {
        let name: String
        let description: String
        let kind: String
        let isDefault: Bool
    }

    @Flag(help: "Print JSON, one object a device.")
    var json = false

    @OptionGroup var settings: ConfigurationOption

    func run() throws {
        let devices = CaptureDevice.list()
        guard !devices.isEmpty else {
            throw Failure(
                .device,
                "ALSA lists no capture device; plug in a microphone and check that \"arecord -L\" lists it, or replay a file"
            )
        }
        let width = devices.map(\.name.count).max() ?? 0
        for device in devices {
            Console.print(json ? try JSONText.line(line(device)) : text(device, width))
        }
        guard !devices.contains(where: { $0.kind == .source || $0.kind == .monitor }) else { return }
        Console.note(
            "These are ALSA's devices alone: no sound server answers, or libpulse0 or libasound2-plugins is not installed."
        )
    }

    private func text(_ device: CaptureDevice, _ width: Int) -> String {
        SummaryText.padded(device.name, width) + "  " + device.description
            + (device.kind == .monitor ? " (what is played)" : "") + (device.isServerDefault ? " [default]" : "")
    }

    private func line(_ device: CaptureDevice) -> Line {
        let kind =
            switch device.kind {
            case .standard: "default"
            case .source: "source"
            case .monitor: "monitor"
            case .card: "card"
            case .rawCard: "raw"
            case .other: "other"
            }
        return Line(
            name: device.name, description: device.description, kind: kind, isDefault: device.isServerDefault)
    }
}
