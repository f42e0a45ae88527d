/// Which chunks of a recording are speech, from its start.
package struct SpeechTimeline: Sendable {
    private let chunk: Int
    private var isSpeech: [Bool] = []

    /// - Parameter chunk: Samples of a chunk, 1 or more.
    package init(chunk: Int) {
        self.chunk = chunk
    }

    /// Notes whether the next chunk is speech.
    package mutating func add(_ spoken: Bool) { isSpeech.append(spoken) }

    /// The share of speech, 0…1, among the chunks that lie within samples of the recording; 0 where there is none.
    package func speech(in samples: Range<Int>) -> Double {
        let first = (samples.lowerBound + chunk - 1) / chunk
        let end = min(samples.upperBound / chunk, isSpeech.count)
        guard first < end else { return 0 }
        return Double(isSpeech[first..<end].count { $0 }) / Double(end - first)
    }
}
