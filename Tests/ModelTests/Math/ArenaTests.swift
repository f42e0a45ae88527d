import Testing

@testable import EmotionNetwork

@Suite struct ArenaTests {
    @Test func scopesReleaseMemoryAndSettlingJoinsIt() {
        let arena = Arena()
        let work = {
            arena.scope {
                let first = arena.matrix(1000, 300)
                first.fill(1)
                arena.scope { arena.matrix(2000, 300).fill(2) }
                let second = arena.matrix(1500, 300)
                second.fill(3)
                #expect(first[999, 299] == 1 && second[1499, 299] == 3)
            }
        }
        work()
        arena.settle()
        let settled = arena.capacity
        for _ in 0..<3 {
            work()
            arena.settle()
        }
        #expect(arena.capacity == settled)
        #expect(settled >= 900_000 && settled < 1_000_000)
    }

    @Test func viewsKeepTheirMemory() {
        func make() -> Matrix {
            let matrix = Arena().matrix(100, 100)
            matrix.fill(7)
            return matrix.view.rows(50..<60)
        }
        #expect(make()[9, 99] == 7)
    }

    @Test func matricesStartOnCacheLines() {
        let arena = Arena()
        for size in [1, 3, 17, 64] {
            let address = unsafe Int(bitPattern: arena.matrix(1, size).base)
            #expect(address.isMultiple(of: 64))
        }
    }

    @Test func readingBeyondAViewTraps() async {
        await #expect(processExitsWith: .failure) {
            let matrix = Arena().matrix(4, 4)
            _ = matrix.view.columns(0..<2)[0, 2]
        }
        await #expect(processExitsWith: .failure) {
            _ = Arena().matrix(4, 4).view.windows(from: 0, length: 4, step: 5, rows: 4)
        }
    }
}
