// swift run live talk.wav, or swift run live default
import EmotionLive

let source = CommandLine.arguments.dropFirst().first ?? "default"
let recognizer = try EmotionRecognizer()
let session =
    source.contains(".")
    ? try EmotionSession(file: source, recognizer: recognizer)
    : try EmotionSession(microphone: source, recognizer: recognizer)
for try await row in session { print(row.end, row.smoothedDecision?.word ?? row.status.rawValue) }
print("all accounted for:", session.accounting?.allSatisfy(\.isBalanced) ?? false)
