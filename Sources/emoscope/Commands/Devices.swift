import ArgumentParser
import EmotionCapture

struct Devices: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "List the capture devices and their names for -D.")

    @Flag(help: "Print JSON, one object a device.")
    var json = false

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
            Console.print(
                json
                    ? try JSONText.line(["name": device.name, "description": device.description])
                    : SummaryText.padded(device.name, width) + "  " + device.description)
        }
    }
}
