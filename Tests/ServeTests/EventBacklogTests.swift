import Testing

@testable import EmotionServe

@Suite struct EventBacklogTests {
    private func texts(_ reading: EventBacklog.Reading) -> [String] {
        guard case .events(let bytes, _) = reading else { return [] }
        return serverText(bytes)
    }

    private func serverText(_ bytes: [UInt8]) -> [String] {
        String(decoding: bytes, as: UTF8.self).split(separator: "\n").filter { $0.hasPrefix("data: ") }
            .map { String($0.dropFirst(6)) }
    }

    private func id(_ number: Int, of backlog: EventBacklog) throws -> String {
        guard case .events(let bytes, _) = backlog.read(from: number) else { return "" }
        let line = try #require(String(decoding: bytes, as: UTF8.self).split(separator: "\n").first)
        return String(line.dropFirst("id: ".count))
    }

    @Test func aClientReadsFromWhereItIs() {
        let backlog = EventBacklog()
        for number in 0..<5 { backlog.append(json: "\(number)") }
        #expect(texts(backlog.read(from: 3)) == ["3", "4"])
        #expect(backlog.read(from: 5) == .nothing)
        backlog.end()
        #expect(backlog.read(from: 5) == .end && texts(backlog.read(from: 4)) == ["4"])
    }

    @Test func aClientBeginsAfterTheEventThatItHasRead() throws {
        let (backlog, other) = (EventBacklog(), EventBacklog())
        for number in 0..<5 {
            backlog.append(json: "\(number)")
            other.append(json: "\(number)")
        }
        #expect(try backlog.start(after: id(1, of: backlog), last: 9) == (2, 0))
        #expect(try backlog.start(after: id(1, of: other), last: 2) == (3, 0), "the id of another session")
        #expect(backlog.start(after: nil, last: 0) == (5, 0))
        #expect(backlog.start(after: nil, last: 99) == (0, 0))
        for id in ["", "-", "1", "x-1", "\(try id(0, of: backlog))9999", "\(try id(0, of: backlog).dropLast())-1"] {
            #expect(backlog.start(after: id, last: -3) == (5, 0), "\(id)")
        }
    }

    @Test func memoryIsBoundedAndWhatIsGoneIsSaid() throws {
        let backlog = EventBacklog()
        backlog.append(json: "first")
        let first = try id(0, of: backlog)
        let count = 3 * EventBacklog.capacity
        for number in 1..<count { backlog.append(json: "\(number)") }
        #expect(backlog.read(from: 0) == .tooLate)
        let start = backlog.start(after: nil, last: .max).next
        #expect((EventBacklog.capacity..<EventBacklog.capacity * 5 / 4).contains(count - start))
        #expect(backlog.start(after: first, last: 0) == (start, start - 1))
        guard case .events(let bytes, let next) = backlog.read(from: start) else { throw CancellationError() }
        #expect(bytes.count < EventBacklog.batch + 100 && next < count, "a client is given a part at a time")
    }
}
