// Names the emotion of each recording: swift run recognize ../../Samples/conversation.flac
import EmotionRecognition

let recognizer = try EmotionRecognizer()
for file in CommandLine.arguments.dropFirst() {
    let result = try recognizer.predict(file: file)
    print("\(file): \(result.label), decided \(result.decision.word), angry \(result.scores[.angry])")
    print("\(result.seconds) s, a representation of \(result.representation.count) numbers")
}
