/// CREMA-D (Cao and others 2014): `AudioWAV/1001_DFA_ANG_XX.wav`, actor, sentence, emotion, level.
enum CREMAD: FileNaming {
    static let example = "1001_DFA_ANG_XX.wav"

    private static let contents: [Substring: Utterance.Content] = [
        "ANG": .emotion(.angry), "HAP": .emotion(.happy), "NEU": .emotion(.neutral), "SAD": .emotion(.sad),
        "DIS": .other("disgust"), "FEA": .other("fear"),
    ]
    /// The levels: low, medium, high, unspecified; one file of the corpus says X.
    private static let levels: Set<Substring> = ["LO", "MD", "HI", "XX", "X"]

    static func utterance(_ stem: Substring, in folder: Substring) -> Utterance? {
        let parts = stem.split(separator: "_", omittingEmptySubsequences: false)
        guard parts.count == 4, parts[0].isDigits(4), parts[1].utf8.count == 3, let content = contents[parts[2]],
            levels.contains(parts[3])
        else { return nil }
        return Utterance(stem, speaker: "cremad_" + parts[0], content)
    }
}
