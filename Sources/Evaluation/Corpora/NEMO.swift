/// nEMO (Christop 2024): `samples/ZK0_sadness_3.wav`, speaker (two letters and a digit), emotion, sentence.
enum NEMO: FileNaming {
    static let example = "EB0_anger_1.wav"

    private static let contents: [Substring: Utterance.Content] = [
        "anger": .emotion(.angry), "happiness": .emotion(.happy), "neutral": .emotion(.neutral),
        "sadness": .emotion(.sad), "fear": .other("fear"), "surprise": .other("surprise"),
    ]

    static func utterance(_ stem: Substring, in folder: Substring) -> Utterance? {
        let parts = stem.split(separator: "_", omittingEmptySubsequences: false)
        guard parts.count == 3, parts[0].utf8.count == 3, parts[0].suffix(1).isDigits(1),
            parts[0].prefix(2).utf8.allSatisfy({ (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0) }),
            let content = contents[parts[1]], parts[2].isDigits(parts[2].utf8.count), !parts[2].isEmpty
        else { return nil }
        return Utterance(stem, speaker: "nemo_" + parts[0], content)
    }
}
