/// EMO-DB (Burkhardt and others 2005): `wav/03a01Fa.wav`, speaker (two digits), text (a letter and two digits), the
/// German emotion's initial, version (a letter).
enum EmoDB: FileNaming {
    static let example = "03a01Fa.wav"

    private static let contents: [Character: Utterance.Content] = [
        "W": .emotion(.angry), "F": .emotion(.happy), "N": .emotion(.neutral), "T": .emotion(.sad),
        "A": .other("fear"), "E": .other("disgust"), "L": .other("boredom"),
    ]

    static func utterance(_ stem: Substring, in folder: Substring) -> Utterance? {
        let letters = Array(stem)
        guard letters.count == 7, stem.prefix(2).isDigits(2), ("a"..."b").contains(letters[2]),
            stem.dropFirst(3).prefix(2).isDigits(2), let content = contents[letters[5]],
            ("a"..."z").contains(letters[6])
        else { return nil }
        return Utterance(stem, speaker: "emodb_" + stem.prefix(2), content)
    }
}
