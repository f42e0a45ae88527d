import EmotionCore
import Foundation
import Synchronization

/// Loudspeakers and microphones for a machine without a sound card: a PulseAudio server of the test, whose null sinks
/// act as loudspeakers and whose monitors act as microphones, reached through the real ALSA API.
///
///     let room = try AudioRoom(devices: [.init(name: "room")])
///     room.useInThisProcess()                    // or pass `room.environment` to a child process
///     let speech = try room.play("speech.wav")   // now captured by ALSA's device "room"
///
/// Nothing is lost on the way: PulseAudio keeps what nobody reads (`ClockedMicrophone` overruns). When a device is
/// unplugged, PulseAudio moves its listeners to another one; listeners of the last device lose it.
///
/// Each device is an ALSA name of its own; the first one is also `default`. Needs the Debian packages pulseaudio,
/// pulseaudio-utils and libasound2-plugins. The server ends with `stop()`, with the process, or, should the process be
/// killed, by itself once it has been idle for a minute.
public final class AudioRoom: Sendable {
    /// A loudspeaker, and the microphone that captures its sound.
    public struct Device: Sendable {
        public var name: String
        public var rate: Int
        public var channels: Int

        public init(name: String = "room", rate: Int = 16_000, channels: Int = 1) {
            self.name = name
            self.rate = rate
            self.channels = channels
        }
    }

    public struct Failure: Error, CustomStringConvertible {
        public let description: String
    }

    public let devices: [Device]
    /// Holds sockets, configuration and log; deleted by `stop()`.
    public let folder: URL
    private let server: ChildProcess
    /// PulseAudio's numbers of the loudspeakers that are plugged in.
    private let modules = Locked<[String: String]>([:])
    /// One listener for each microphone. Without a listener, PulseAudio runs a null sink in steps of two seconds, for
    /// which the next listener would have to wait.
    private let listeners = Locked<[String: ChildProcess]>([:])

    /// Starts the server and waits until each device delivers sound.
    ///
    /// - Parameter files: Further ALSA devices by name, each of which reads a raw file by ALSA's file plugin and
    ///   delivers the same samples each time. The file holds what emoscope asks of a device first: 32-bit float, 16
    ///   kHz, mono. The samples after its end are undefined.
    public init(devices: [Device] = [Device()], files: [String: URL] = [:]) throws {
        self.devices = devices
        // A short path: sockets have at most 107 bytes.
        folder = URL(fileURLWithPath: "/tmp/room-\(getpid())-\(UInt32.random(in: 0 ... .max))")
        try FileManager.default.createDirectory(
            at: folder.appendingPathComponent("run/pulse"), withIntermediateDirectories: true,
            attributes: [.posixPermissions: 0o700])
        let configuration = Self.configuration(devices, files, socket: folder.path + "/run/pulse/native")
        try configuration.write(to: folder.appendingPathComponent("asound.conf"), atomically: true, encoding: .utf8)

        server = try Self.launch(
            [
                "pulseaudio", "-n", "--daemonize=no", "--exit-idle-time=60", "--use-pid-file=no",
                "--log-target=file:\(folder.path)/log",
                "-L", "module-native-protocol-unix auth-anonymous=1 socket=\(folder.path)/run/pulse/native",
            ], Self.environment(folder))
        Self.cleanUpAtExit(server.identifier, folder.path)
        do {
            try waitUntil("the PulseAudio server answers") { try pactl("info").status == 0 }
            for device in devices { try load(device) }
            for device in devices { try waitUntilHeard(device.name) }
        } catch {
            stop()
            throw error
        }
    }

    deinit {
        stop()
    }

    /// Ends the server and deletes its files.
    public func stop() {
        listeners.withLock { $0.removeAll() }
        server.kill(SIGTERM)
        server.waitForExit()
        Self.forget(server.identifier)
        try? FileManager.default.removeItem(at: folder)
    }

    // MARK: Using it

    /// The environment for child processes: this process's, with the server in it.
    public var environment: [String: String] { Self.environment(folder) }

    /// Sets the server as ALSA's in this process. alsa-lib looks at the variable whenever it opens a device, and reads
    /// its configuration again when it has changed. The server's client library looks whenever it connects.
    public func useInThisProcess() {
        setenv("ALSA_CONFIG_PATH", Self.alsaPath(folder), 1)
        setenv("PULSE_SERVER", Self.server(folder), 1)
    }

    /// Plays a file (anything libsndfile reads) on a device's loudspeaker. Returns as soon as the player is started,
    /// which ends by itself. Releasing the process ends the player.
    public func play(_ file: URL, on device: String = "room") throws -> ChildProcess {
        try Self.launch(["paplay", "--device=\(device)", file.path], environment)
    }

    /// Makes a device the server's default, from which ALSA's device `follows` captures.
    public func makeDefault(_ name: String) throws {
        let result = try pactl("set-default-source", name + ".monitor")
        guard result.status == 0 else { throw Failure(description: "set-default-source: \(result.output)") }
    }

    /// The name of a device's microphone for people.
    public static func description(of name: String) -> String { "Monitor of Speaker \(name)" }

    /// Moves the stream that a process records to another device, as a person does in the mixer.
    public func move(streamOf process: pid_t, to name: String) throws {
        struct Stream: Decodable {
            let index: Int
            let properties: [String: String]
        }
        let list = try pactl("-f", "json", "list", "source-outputs")
        let streams = try JSONDecoder().decode([Stream].self, from: Data(list.output.utf8))
        guard let stream = streams.first(where: { $0.properties["application.process.id"] == String(process) }) else {
            throw Failure(description: "process \(process) records nothing: \(list.output)")
        }
        let result = try pactl("move-source-output", String(stream.index), name + ".monitor")
        guard result.status == 0 else { throw Failure(description: "move-source-output: \(result.output)") }
    }

    /// Unplugs a device: its microphone is gone.
    public func unplug(_ name: String) throws {
        guard let module = modules.withLock({ $0.removeValue(forKey: name) }) else {
            throw Failure(description: "the room has no device \"\(name)\" plugged in")
        }
        let result = try pactl("unload-module", module)
        guard result.status == 0 else { throw Failure(description: "unload-module: \(result.output)") }
        listeners.withLock { $0[name] = nil }
    }

    /// Plugs a device in (again), and waits until it delivers sound.
    public func plugIn(_ name: String) throws {
        guard let device = devices.first(where: { $0.name == name }) else {
            throw Failure(description: "the room has no device \"\(name)\"")
        }
        try load(device)
        try waitUntilHeard(name)
    }

    /// Stops the server with SIGSTOP, as when the machine sleeps.
    public func halt() { server.kill(SIGSTOP) }

    /// Continues the server.
    public func goOn() { server.kill(SIGCONT) }

    // MARK: Parts

    private func load(_ device: Device) throws {
        let name = device.name
        let result = try pactl(
            "load-module", "module-null-sink", "sink_name=\(name)", "rate=\(device.rate)",
            "channels=\(device.channels)", "sink_properties=\"device.description='Speaker \(name)'\"")
        guard result.status == 0 else { throw Failure(description: "load-module: \(result.output)") }
        let number = result.output.trimmingCharacters(in: .whitespacesAndNewlines)
        modules.withLock { $0[name] = number }
        let listener = try listen(to: name, output: nil)
        listeners.withLock { $0[name] = listener }
    }

    private func waitUntilHeard(_ name: String) throws {
        let heard = folder.appendingPathComponent("heard-\(name)")
        let first = try listen(to: name, output: heard)
        try waitUntil("the microphone \(name) hears something") {
            let attributes = try? FileManager.default.attributesOfItem(atPath: heard.path)
            return attributes?[.size] as? Int ?? 0 > 0
        }
        first.kill(SIGTERM)
        first.waitForExit()
    }

    /// The server ends by itself after an hour and a half, so that one of a test that was killed does not stay. That is longer
    /// than all tests take: a child that has ended and that nobody waits for makes the exit tests of Swift Testing hang.
    private func listen(to name: String, output: URL?) throws -> ChildProcess {
        try Self.launch(
            ["timeout", "5400", "parec", "--raw", "--latency-msec=20", "--device=\(name).monitor"], environment,
            output: output)
    }

    private static func environment(_ folder: URL) -> [String: String] {
        var environment = ProcessInfo.processInfo.environment
        environment["HOME"] = folder.path
        environment["XDG_RUNTIME_DIR"] = folder.path + "/run"
        environment["PULSE_RUNTIME_PATH"] = folder.path + "/run/pulse"
        environment["PULSE_STATE_PATH"] = folder.path + "/run/pulse"
        environment["PULSE_SERVER"] = server(folder)
        environment["ALSA_CONFIG_PATH"] = alsaPath(folder)
        for name in [
            "PULSE_COOKIE", "PULSE_SINK", "PULSE_SOURCE", "XDG_CONFIG_HOME", "DISPLAY", "DBUS_SESSION_BUS_ADDRESS",
        ] {
            environment[name] = nil
        }
        return environment
    }

    private static func server(_ folder: URL) -> String { "unix:\(folder.path)/run/pulse/native" }

    /// alsa-lib's own configuration, then that of the devices.
    private static func alsaPath(_ folder: URL) -> String {
        "/usr/share/alsa/alsa.conf:\(folder.path)/asound.conf"
    }

    private static func configuration(_ devices: [Device], _ files: [String: URL], socket: String) -> String {
        func microphone(_ name: String, hears device: Device) -> String {
            """
            pcm.\(name) {
                type pulse
                server "unix:\(socket)"
                device "\(device.name).monitor"
                hint { show on description "Test room, \(device.name)" }
            }

            """
        }
        var text = devices.map { microphone($0.name, hears: $0) }.joined()
        if let first = devices.first { text += microphone("!default", hears: first) }
        text += """
            pcm.follows {
                type pulse
                server "unix:\(socket)"
            }

            """
        for (name, file) in files {
            text += """
                pcm.\(name) {
                    type file
                    slave.pcm null
                    file /dev/null
                    infile "\(file.path)"
                    format raw
                }

                """
        }
        return text
    }

    private func pactl(_ arguments: String...) throws -> (status: Int32, output: String) {
        let file = folder.appendingPathComponent("pactl-\(UInt32.random(in: 0 ... .max))")
        let process = try Self.launch(["pactl"] + arguments, environment, output: file)
        let status = process.waitForExit()
        return (status, try String(contentsOf: file, encoding: .utf8))
    }

    private static func launch(
        _ command: [String], _ environment: [String: String], output: URL? = nil
    ) throws -> ChildProcess {
        do {
            return try ChildProcess(command, environment: environment, output: output)
        } catch {
            throw Failure(
                description: "\(error); install the packages pulseaudio, pulseaudio-utils and libasound2-plugins")
        }
    }

    /// Polls `condition`; half a minute is enough for the slowest machine.
    private func waitUntil(_ what: String, _ condition: () throws -> Bool) throws {
        let deadline = Date(timeIntervalSinceNow: 30)
        while try !condition() {
            guard Date() < deadline, server.isRunning else {
                let log = (try? String(contentsOfFile: folder.path + "/log", encoding: .utf8)) ?? ""
                throw Failure(description: "waited in vain until \(what); PulseAudio says: \(log.suffix(2000))")
            }
            usleep(20_000)
        }
    }

    private static let running = Locked<[(server: pid_t, folder: String)]>([])

    private static let isRegistered = Atomic<Bool>(false)

    /// Ends servers that still run when the process ends, as one in a static property does.
    private static func cleanUpAtExit(_ server: pid_t, _ folder: String) {
        running.withLock { rooms in
            if !isRegistered.exchange(true, ordering: .relaxed) {
                atexit {
                    for room in AudioRoom.running.withLock({ $0 }) {
                        kill(room.server, SIGTERM)
                        // The folder is deleted once no process writes to it any more.
                        waitpid(room.server, nil, 0)
                        try? FileManager.default.removeItem(atPath: room.folder)
                    }
                }
            }
            rooms.append((server, folder))
        }
    }

    /// A server that has ended must not be signalled later: its process number may be another process's by then.
    private static func forget(_ server: pid_t) {
        running.withLock { $0.removeAll { $0.server == server } }
    }
}
