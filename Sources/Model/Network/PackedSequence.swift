/// The layout of several sequences of steps, concatenated in the rows of a matrix, the longest first.
struct PackedSequence: Sendable {
    /// The steps of each sequence, at least one.
    private let lengths: [Int]
    private let starts: [Int]

    /// Creates a layout from the lengths of the sequences.
    ///
    /// - Precondition: There is at least one sequence, none is empty, and lengths do not increase.
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
    /// The total number of steps of all sequences.
    var steps: Int { rows(count - 1).upperBound }

    /// The number of sequences with more than `index` steps; these come first.
    func longer(than index: Int) -> Int { lengths.firstIndex { $0 <= index } ?? count }

    /// The rows of a sequence.
    func rows(_ number: Int) -> Range<Int> { starts[number]..<(starts[number] + lengths[number]) }

    /// The rows of some steps of a sequence. Steps are counted from its first row, or from its last row if `backward`;
    /// steps beyond its length are left out.
    func rows(_ number: Int, _ steps: Range<Int>, backward: Bool) -> Range<Int> {
        let all = rows(number)
        let steps = steps.clamped(to: 0..<all.count)
        return backward
            ? (all.upperBound - steps.upperBound)..<(all.upperBound - steps.lowerBound)
            : (all.lowerBound + steps.lowerBound)..<(all.lowerBound + steps.upperBound)
    }

    /// The row of one step of a sequence, counted from its first row, or from its last row if `backward`.
    func row(_ number: Int, _ step: Int, backward: Bool) -> Int {
        rows(number, step..<(step + 1), backward: backward).lowerBound
    }
}
