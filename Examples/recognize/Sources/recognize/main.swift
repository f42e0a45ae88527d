// Names the emotion of each recording: swift run recognize ../../Samples/conversation.flac
import EmotionRecognition

let recognizer = try EmotionRecognizer()
for file in CommandLine.arguments.dropFirst() {
    let result = try recognizer.predict(file: file)
    if let scores = result.scores, let decision = result.decision, let representation = result.representation {
        print("\(file): \(scores.argmax), decided \(decision.word), angry \(scores[.angry])")
        print("\(result.seconds) s, a representation of \(representation.count) numbers")
    } else {
        print("\(file): nobody speaks in its \(result.seconds) s")
    }
    for warning in result.warnings { print("warning: \(warning)") }
}
