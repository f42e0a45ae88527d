/// SAVEE (Haq, Jackson 2009): `AudioData/DC/a01.wav`, the folder is the speaker, the letters the emotion, the digits
/// the sentence; or all in one folder as `DC_a01.wav`.
enum SAVEE: FileNaming {
    static let example = "DC/a01.wav"

    private static let contents: [Substring: Utterance.Content] = [
        "a": .emotion(.angry), "h": .emotion(.happy), "n": .emotion(.neutral), "sa": .emotion(.sad),
        "d": .other("disgust"), "f": .other("fear"), "su": .other("surprise"),
    ]
    private static let speakers: Set<Substring> = ["DC", "JE", "JK", "KL"]

    static func utterance(_ stem: Substring, in folder: Substring) -> Utterance? {
        let parts = stem.split(separator: "_", omittingEmptySubsequences: false)
        guard let sentence = parts.last, parts.count <= 2 else { return nil }
        let speaker = parts.count == 2 ? parts[0] : folder
        guard speakers.contains(speaker), sentence.suffix(2).isDigits(2), let content = contents[sentence.dropLast(2)]
        else { return nil }
        return Utterance("\(speaker)_\(sentence)", speaker: "savee_" + speaker, content)
    }
}
