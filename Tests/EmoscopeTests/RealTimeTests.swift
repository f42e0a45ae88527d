import Foundation
import TestSupport
import Testing

/// The calls of the capture thread while a session runs.
@Suite(.serialized, .timeLimit(.minutes(3))) struct RealTimeTests {
    /// From start to end of the thread: a resampled stream, mixed or of two channels, an overrun and its recovery.
    @Test(arguments: [[], ["--split-channels"]])
    func theCaptureThreadNeitherAllocatesNorLocksNorLogs(options: [String]) throws {
        let scratch = try Scratch()
        var sound = Data()
        for frame in 0..<48_000 * 12 {
            let value = Int16(8000 * sin(Double(frame) * 0.03)).littleEndian
            withUnsafeBytes(of: value) {
                sound.append(contentsOf: $0)
                sound.append(contentsOf: $0)
            }
        }
        let microphone = try ClockedMicrophone([
            .init(name: "mic", sound: sound, format: "S16_LE", rate: 48_000, channels: 2)
        ])
        let watch = try CallWatch(thread: "emoscope-alsa")
        let program = try launch(
            ["record", "live.csv", "-D", "mic", "--duration", "8"] + options, scratch: scratch,
            environment: watch.watching(microphone.environment))
        try waitUntil("a row is there") { ((try? scratch.text("live.csv")) ?? "").contains("\r\n0,") }
        program.kill(SIGSTOP)
        usleep(1_500_000)
        program.kill(SIGCONT)
        #expect(program.waitForExit() == 0)
        #expect(try scratch.text("live.csv").contains("overrun"))
        var calls = try watch.report()
        print("capture thread: \(calls)")
        let polls = calls.removeValue(forKey: "poll") ?? 0
        #expect(polls > 50, "the thread was not seen")
        for (name, count) in calls { #expect(count == 0, "\(name) was called \(count) times:\n\(watch.trace)") }
    }
}
