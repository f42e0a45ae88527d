import EmotionLive
import Foundation
import Testing

/// The public interface, as a program uses it that imports EmotionLive alone.
@Suite(.serialized, .timeLimit(.minutes(5))) struct EmotionSessionTests {
    private let conversation = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().appendingPathComponent("../../Samples/conversation.flac").standardized.path

    private func capturing() -> Bool {
        let tasks = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/task")) ?? []
        return tasks.contains { task in
            (try? String(contentsOfFile: "/proc/self/task/\(task)/comm", encoding: .utf8)) == "emoscope-file\n"
        }
    }

    /// Whether the source's thread appears within 5 s: it has its name once it runs, after `EmotionSession.init`.
    private func beginsToCapture() async throws -> Bool {
        for _ in 0..<1000 {
            if capturing() { return true }
            try await Task.sleep(for: .milliseconds(5))
        }
        return false
    }

    private func untilClosed() async throws {
        while capturing() { try await Task.sleep(for: .milliseconds(5)) }
    }

    @Test func aRecordingGivesRowsAndABalancedAccounting() async throws {
        let file = try Recording(seconds: 8, channels: 1)
        let session = try EmotionSession(file: file.path, recognizer: EmotionRecognizer())
        #expect(session.accounting == nil)
        var rows: [Row] = []
        for try await row in session { rows.append(row) }
        #expect(rows.map(\.end) == stride(from: 3.0, through: 8.0, by: 0.5).map { $0 })
        #expect(rows.contains { $0.status == .ok && $0.decision != nil && $0.scores != nil })
        let accounting = try #require(session.accounting)
        #expect(accounting.count == 1 && accounting[0].isBalanced && accounting[0].captured == 8 * 16_000)
    }

    @Test func settingsSetTheHopAndTheChannels() async throws {
        let file = try Recording(seconds: 5, channels: 2)
        var settings = EmotionSession.Settings()
        settings.hop = 1
        settings.splitsChannels = true
        settings.unsureBelow = 1
        let session = try EmotionSession(file: file.path, recognizer: EmotionRecognizer(), settings: settings)
        var rows: [Row] = []
        for try await row in session { rows.append(row) }
        #expect(rows.map(\.end) == [3, 3, 4, 4, 5, 5])
        #expect(rows.map(\.channel) == [1, 2, 1, 2, 1, 2])
        #expect(rows.allSatisfy { $0.status != .ok || $0.decision == .unsure })
        #expect(session.accounting?.count == 2)
    }

    @Test func leavingTheLoopClosesTheSource() async throws {
        let recognizer = try EmotionRecognizer()
        var count = 0
        for try await row in try EmotionSession(file: conversation, recognizer: recognizer) {
            count += 1
            #expect(row.end >= 3 && capturing())
            if count == 2 { break }
        }
        #expect(count == 2)
        try await untilClosed()
    }

    @Test func leavingTheLoopClosesTheSourceOfASessionThatIsKept() async throws {
        let session = try EmotionSession(file: conversation, recognizer: EmotionRecognizer())
        for try await _ in session { break }
        try await untilClosed()
        while session.accounting == nil { try await Task.sleep(for: .milliseconds(5)) }
        #expect(session.accounting?.first?.isBalanced == true)
    }

    @Test func aCancelledTaskEndsItsLoopAndClosesTheSource() async throws {
        let recognizer = try EmotionRecognizer()
        var settings = EmotionSession.Settings()
        settings.playsAtPaceOfTime = true
        let session = try EmotionSession(file: conversation, recognizer: recognizer, settings: settings)
        let task = Task {
            var count = 0
            for try await _ in session { count += 1 }
            return count
        }
        try await Task.sleep(for: .milliseconds(50))
        task.cancel()
        #expect(try await task.value <= 1)
        try await untilClosed()
    }

    @Test func stopEndsTheRowsAfterTheCapturedSamples() async throws {
        var settings = EmotionSession.Settings()
        settings.playsAtPaceOfTime = true
        let session = try EmotionSession(file: conversation, recognizer: EmotionRecognizer(), settings: settings)
        var rows: [Row] = []
        for try await row in session {
            rows.append(row)
            session.stop()
        }
        #expect(!rows.isEmpty && rows.count <= 3)
        #expect(session.accounting?.first?.isBalanced == true)
    }

    @Test func anUnreadSessionEndsWhenItIsReleased() async throws {
        do {
            let session = try EmotionSession(file: conversation, recognizer: EmotionRecognizer())
            #expect(try await beginsToCapture())
            #expect(session.accounting == nil)
        }
        try await untilClosed()
    }

    @Test func invalidInputThrowsAtOnce() throws {
        let recognizer = try EmotionRecognizer()
        let missing = #expect(throws: LiveError.self) {
            try EmotionSession(file: "/nowhere/talk.wav", recognizer: recognizer)
        }
        #expect(missing?.kind == .recording && missing?.description.contains("/nowhere/talk.wav") == true)
        let device = #expect(throws: LiveError.self) {
            try EmotionSession(microphone: "no such device", recognizer: recognizer)
        }
        #expect(device?.kind == .device && device?.description.contains("no such device") == true)
        var settings = EmotionSession.Settings()
        settings.hop = 4
        let hop = #expect(throws: LiveError.self) {
            try EmotionSession(file: conversation, recognizer: recognizer, settings: settings)
        }
        #expect(hop?.kind == .settings && hop?.description == "hop 4.0 does not work: choose 0.05 to 3.0 seconds")
    }

    @Test func aFileThatDoesNotOpenIsSkippedAndThrownAtTheEnd() async throws {
        let file = try Recording(seconds: 4, channels: 1)
        let session = try EmotionSession(
            files: [file.path, "/nowhere/talk.wav", file.path], recognizer: EmotionRecognizer())
        var rows: [Row] = []
        let error = await #expect(throws: LiveError.self) {
            for try await row in session { rows.append(row) }
        }
        #expect(error?.kind == .recording && error?.description.contains("/nowhere/talk.wav") == true)
        #expect(rows.contains { $0.status == .marker && $0.note == file.path } && rows.last?.end == 8)
    }
}
