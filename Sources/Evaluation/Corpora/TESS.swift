/// TESS (Pichora-Fuller, Dupuis 2020): `OAF_angry/OAF_back_angry.wav`, speaker (the older or younger actress), word,
/// emotion.
enum TESS: FileNaming {
    static let example = "OAF_back_angry.wav"

    private static let contents: [String: Utterance.Content] = [
        "angry": .emotion(.angry), "happy": .emotion(.happy), "neutral": .emotion(.neutral), "sad": .emotion(.sad),
        "fear": .other("fear"), "disgust": .other("disgust"), "ps": .other("pleasant surprise"),
    ]

    static func utterance(_ stem: Substring, in folder: Substring) -> Utterance? {
        let parts = stem.split(separator: "_", omittingEmptySubsequences: false)
        guard parts.count == 3, !parts[1].isEmpty, let content = contents[parts[2].lowercased()] else { return nil }
        switch parts[0] {
        // One file of the corpus, OA_bite_neutral, lacks the F.
        case "OAF", "OA": return Utterance(stem, speaker: "tess_OAF", content)
        case "YAF": return Utterance(stem, speaker: "tess_YAF", content)
        default: return nil
        }
    }
}
