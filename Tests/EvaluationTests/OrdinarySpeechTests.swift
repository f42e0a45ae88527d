import EmotionCore
import EmotionEvaluation
import Testing

@Suite struct OrdinarySpeechTests {
    /// Cuts the numbers 0..<count in pieces of `piece`.
    private func windows(_ count: Int, reference: Int, piece: Int) -> [SpeechWindow] {
        var cutter = SlidingWindows(reference: reference, length: 6, hop: 2, leastRest: 2)
        var cut: [SpeechWindow] = []
        for start in stride(from: 0, to: count, by: piece) {
            cut += cutter.add((start..<min(start + piece, count)).map(Float.init))
        }
        return cut + [cutter.finish()].compactMap(\.self)
    }

    @Test(arguments: [1, 3, 100]) func windowsBeginAtMultiplesOfTheHopBehindTheReference(piece: Int) {
        let plain = windows(13, reference: 0, piece: piece)
        #expect(plain.map(\.start) == [0, 2, 4, 6] && !plain.contains { $0.isReference })
        for window in plain { #expect(window.samples == window.range.map(Float.init)) }
        let known = windows(20, reference: 9, piece: piece)
        #expect(known.filter(\.isReference).map(\.range) == [0..<6, 6..<9])
        #expect(known.filter { !$0.isReference }.map(\.start) == [10, 12, 14])
        for window in known { #expect(window.samples == window.range.map(Float.init)) }
    }

    @Test func aRecordingWithoutAWindowIsReadWholeOrLeftOut() {
        #expect(windows(4, reference: 0, piece: 2).map(\.range) == [0..<4])
        #expect(windows(0, reference: 0, piece: 2).isEmpty)
        #expect(windows(14, reference: 9, piece: 5).isEmpty, "too short for a window behind the reference")
        let rest = windows(14, reference: 7, piece: 5).filter(\.isReference)
        #expect(rest.map(\.range) == [0..<6], "a rest that is too short is left out")
    }

    @Test func speechIsCountedInWholeChunks() {
        var timeline = SpeechTimeline(chunk: 10)
        for spoken in [true, false, true, true] { timeline.add(spoken) }
        #expect(timeline.speech(in: 0..<40) == 0.75)
        #expect(timeline.speech(in: 5..<35) == 0.5)
        #expect(timeline.speech(in: 38..<60) == 0)
    }

    @Test func sharesAreOfAllWindowsAndOfThoseWithSpeech() {
        var shares = SpeechShares()
        for decision in [Decision.emotion(.sad), .emotion(.neutral), .unsure, nil, nil] { shares.add(decision) }
        shares.endRecording(isLeftOut: false)
        #expect(shares.windows == 5 && shares.share(nil) == 0.4 && shares.share(.emotion(.sad)) == 0.2)
        #expect(shares.neutralOrUnsure == 2.0 / 3)
        var grouped = GroupedShares()
        grouped.add(shares, corpus: "a")
        grouped.add(shares, corpus: "b")
        #expect(grouped.all.windows == 10 && grouped.all.recordings == 2 && grouped.corpora["b"] == shares)
        #expect(SpeechShares().share(.unsure) == nil && SpeechShares().neutralOrUnsure == nil)
    }

    @Test func aManifestNeedsPathAndCorpus() throws {
        let tree = try Tree()
        let manifest = try OrdinaryManifest(path: tree.write("m.csv", "corpus,path,x\na,1.wav,\nb,2.wav,\n"))
        #expect(manifest.recordings.map(\.corpus) == ["a", "b"])
        for (text, words) in [("path,speaker\n1.wav,a\n", "corpus"), ("path,corpus\n", "names no recording")] {
            let path = try tree.write("bad.csv", text)
            #expect(throws: EvaluationError.self) { try OrdinaryManifest(path: path) }
            do { _ = try OrdinaryManifest(path: path) } catch { #expect("\(error)".contains(words), "\(error)") }
        }
    }
}
