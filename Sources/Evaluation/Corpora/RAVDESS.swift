/// RAVDESS (Livingstone, Russo 2018): `Actor_12/03-01-06-01-02-01-12.wav`, seven numbers of two digits: modality, vocal
/// channel, emotion, intensity, statement, repetition, actor.
enum RAVDESS: FileNaming {
    static let example = "03-01-05-01-02-01-12.wav"

    private static let contents: [Substring: Utterance.Content] = [
        "01": .emotion(.neutral), "02": .other("calm"), "03": .emotion(.happy), "04": .emotion(.sad),
        "05": .emotion(.angry), "06": .other("fearful"), "07": .other("disgust"), "08": .other("surprised"),
    ]

    static func utterance(_ stem: Substring, in folder: Substring) -> Utterance? {
        let parts = stem.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 7, parts.allSatisfy({ $0.isDigits(2) }), let actor = Int(parts[6]),
            (1...24).contains(actor), ["01", "02", "03"].contains(parts[0]), let content = contents[parts[2]]
        else { return nil }
        let speaker = "ravdess_" + parts[6]
        switch parts[1] {
        // The sound track of a video is the same recording as the audio-only file, and would count it twice.
        case "01" where parts[0] == "03": return Utterance(stem, speaker: speaker, content)
        case "01": return Utterance(stem, speaker: speaker, .other("of a video"))
        case "02": return Utterance(stem, speaker: speaker, .other("song"))
        default: return nil
        }
    }
}
