/// Sequences of steps that lie one after another in the rows of a matrix, the longest first.
struct PackedSequence: Sendable {
    /// Steps of each, at least one.
    private let lengths: [Int]
    private let starts: [Int]

    /// - Precondition: there is one, none is empty, and none is longer than the one before.
    init(_ lengths: [Int]) {
        precondition(!lengths.isEmpty && lengths.last! > 0 && zip(lengths, lengths.dropFirst()).allSatisfy { $0 >= $1 })
        self.lengths = lengths
        var start = 0
        starts = lengths.map { length in
            defer { start += length }
            return start
        }
    }

    var count: Int { lengths.count }
    var longest: Int { lengths[0] }
    /// Of all of them.
    var steps: Int { rows(count - 1).upperBound }

    /// How many have more than `index` steps: these are the first.
    func longer(than index: Int) -> Int { lengths.firstIndex { $0 <= index } ?? count }

    /// Where a sequence lies.
    func rows(_ number: Int) -> Range<Int> { starts[number]..<(starts[number] + lengths[number]) }

    /// Where those of its steps lie that come at these places in the order of reading.
    func rows(_ number: Int, _ steps: Range<Int>, backward: Bool) -> Range<Int> {
        let all = rows(number)
        let steps = steps.clamped(to: 0..<all.count)
        return backward
            ? (all.upperBound - steps.upperBound)..<(all.upperBound - steps.lowerBound)
            : (all.lowerBound + steps.lowerBound)..<(all.lowerBound + steps.upperBound)
    }

    /// Where its step of that place in the order of reading lies.
    func row(_ number: Int, _ step: Int, backward: Bool) -> Int {
        rows(number, step..<(step + 1), backward: backward).lowerBound
    }
}
