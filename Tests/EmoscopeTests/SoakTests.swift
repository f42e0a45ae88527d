import Foundation
import TestSupport
import Testing

/// Long runs and runs under load. `make soak` sets the hours; `make test` runs a minute or so of each.
@Suite(.serialized, .timeLimit(.minutes(2000))) struct SoakTests {
    /// A number from the environment, or the default for a test run.
    private static func parameter(_ name: String, _ standard: Double) -> Double {
        ProcessInfo.processInfo.environment[name].flatMap(Double.init) ?? standard
    }

    /// The resources of a running process.
    private struct Holdings {
        let kilobytes: Int
        let threads: Int
        let descriptors: Int

        init?(_ process: ChildProcess) {
            let folder = "/proc/\(process.identifier)"
            guard let status = try? String(contentsOfFile: folder + "/status", encoding: .utf8),
                let open = try? FileManager.default.contentsOfDirectory(atPath: folder + "/fd")
            else { return nil }
            func field(_ name: String) -> Int? {
                status.split(separator: "\n").first { $0.hasPrefix(name) }
                    .flatMap { $0.split(whereSeparator: \.isWhitespace).dropFirst().first }.flatMap { Int($0) }
            }
            guard let memory = field("VmRSS:"), let threads = field("Threads:") else { return nil }
            (kilobytes, self.threads, descriptors) = (memory, threads, open.count)
        }
    }

    /// The conversation, repeated at full speed: memory, threads and descriptors do not grow, and no row is missing.
    @Test func hoursOfSpeechDoNotGrowMemoryThreadsOrDescriptors() throws {
        let hours = Self.parameter("EMOSCOPE_SOAK_HOURS", 0.1)
        let times = max(4, Int((hours * 3600 / 65.807).rounded(.up)))
        let scratch = try Scratch()
        let program = try launch(
            ["replay", "--fast", "--hop", "1", "-o", "out.csv"] + Array(repeating: conversation, count: times),
            scratch: scratch)
        let rowsExpected = times * 65
        var samples: [(rows: Int, holdings: Holdings)] = []
        while program.isRunning {
            let bytes = (try? FileManager.default.attributesOfItem(atPath: scratch.path("out.csv"))[.size] as? Int) ?? 0
            if let holdings = Holdings(program), bytes > 0 { samples.append((bytes, holdings)) }
            usleep(100_000)
        }
        #expect(program.waitForExit() == 0, "\((try? scratch.text("errors")) ?? "")")
        let log = Log(try scratch.text("out.csv"))
        #expect(log.column("seq") == (0..<log.rows.count).map(String.init))
        // 64 windows a recording, including the one over its end, and a marker between two recordings.
        #expect(log.windows.count == times * 64 && log.rows.count == times * 65 - 1, "of \(rowsExpected)")
        #expect(try scratch.text("output").contains(" + 0 lost + 0 dropped\n"))

        // Warmed up after a third of the run, but at most ten minutes of sound.
        let end = samples.last?.rows ?? 0
        let warm = samples.filter { Double($0.rows) <= Double(end) * min(1 / 3, 600 / (hours * 3600)) }.map(\.holdings)
        let rest = samples.dropFirst(warm.count).map(\.holdings)
        let before = try #require(warm.last)
        let most = try #require(rest.map(\.kilobytes).max())
        print(
            "soak: \(times) × 65.8 s, \(log.rows.count) rows; resident \(before.kilobytes) kB warm, at most \(most) kB; "
                + "threads \(before.threads) to \(rest.map(\.threads).max() ?? 0); descriptors \(before.descriptors) "
                + "to \(rest.map(\.descriptors).max() ?? 0)")
        #expect(most - before.kilobytes < 2048)
        // The number of Dispatch's threads varies; a leak would grow without end.
        #expect(rest.allSatisfy { $0.threads <= 12 })
        let halves = (rest.prefix(rest.count / 2), rest.suffix(rest.count / 2))
        #expect((halves.1.map(\.threads).max() ?? 0) <= (halves.0.map(\.threads).max() ?? 0) + 1)
        #expect(rest.allSatisfy { $0.descriptors <= (warm.map(\.descriptors).max() ?? 0) + 1 })
    }

    /// A microphone in real time while every processor is busy: no sample is lost.
    @Test func nothingIsLostUnderLoad() throws {
        let seconds = Self.parameter("EMOSCOPE_SOAK_LIVE_SECONDS", 20).rounded()
        let scratch = try Scratch()
        let speech = try excerpt(conversation, from: 0, to: 66)
        var once = Data()
        for sample in speech {
            withUnsafeBytes(of: Int16(max(-1, min(1, sample)) * 32_767).littleEndian) { once.append(contentsOf: $0) }
        }
        var sound = Data()
        while sound.count < Int(seconds) * 32_000 { sound.append(once) }
        let microphone = try ClockedMicrophone([
            .init(name: "mic", sound: sound, format: "S16_LE", rate: 16_000, channels: 1)
        ])
        let burners = try (0..<ProcessInfo.processInfo.activeProcessorCount).map { _ in
            try ChildProcess(["sh", "-c", "while :; do :; done"])
        }
        defer { burners.forEach { $0.kill(SIGKILL) } }
        let program = try launch(
            ["record", "live.csv", "-D", "mic", "--duration", String(Int(seconds))], scratch: scratch,
            environment: microphone.environment)
        #expect(program.waitForExit() == 0)
        let output = try scratch.text("output")
        let counts = try #require(output.split(separator: "\n").first { $0.hasPrefix("captured ") })
        print("under load: \(counts)")
        #expect(counts.hasPrefix("captured \(Int(seconds) * 16_000) samples") && counts.contains(" + 0 lost + "))
    }
}
