/// SplitMix64: a case is the same in every run with the same seed and number.
struct Chance: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64, case number: Int) {
        state = seed &* 0x9E37_79B9_7F4A_7C15 ^ UInt64(number) &* 0xD1B5_4A32_D192_ED03
    }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
        return mixed ^ mixed >> 31
    }

    /// Returns true once in `count` calls.
    mutating func once(in count: Int) -> Bool { below(count) == 0 }

    mutating func below(_ limit: Int) -> Int { Int(next() % UInt64(limit)) }

    mutating func pick<Element>(_ choices: [Element]) -> Element { choices[below(choices.count)] }

    /// Returns a number that is likely to break arithmetic.
    mutating func edge() -> UInt64 {
        let near = UInt64(truncatingIfNeeded: below(5) - 2)
        return switch below(4) {
        case 0: near
        case 1: (1 << UInt64(below(64))) &+ near
        case 2: next() >> UInt64(below(64))
        default: UInt64(below(300))
        }
    }
}

extension [UInt8] {
    /// Changes, cuts, repeats or inserts some bytes, mostly among the first `head` bytes.
    mutating func mutate(_ chance: inout Chance, head: Int = 128) {
        for _ in 0...chance.below(4) where !isEmpty {
            let index = chance.below(chance.once(in: 3) ? count : Swift.min(head, count))
            switch chance.below(9) {
            case 0: self[index] ^= 1 << UInt8(chance.below(8))
            case 1: self[index] = UInt8(chance.below(256))
            case 2: self[index] = chance.pick([0, 1, 0x7F, 0x80, 0xFF])
            case 3: overwrite(index, with: chance.edge(), bytes: chance.pick([2, 4, 8]))
            case 4: removeLast(chance.below(count))
            case 5: removeSubrange(index..<Swift.min(count, index + 1 + chance.below(16)))
            case 6: insert(contentsOf: self[index..<Swift.min(count, index + 1 + chance.below(64))], at: index)
            case 7: insert(contentsOf: (0...chance.below(8)).map { _ in UInt8(chance.below(256)) }, at: index)
            default:
                let other = chance.below(count)
                swapAt(index, other)
            }
        }
    }

    private mutating func overwrite(_ index: Int, with value: UInt64, bytes: Int) {
        let isBig = value & 1 == 0
        for offset in 0..<bytes where index + offset < count {
            self[index + offset] = UInt8(truncatingIfNeeded: value >> UInt64(8 * (isBig ? bytes - 1 - offset : offset)))
        }
    }
}
