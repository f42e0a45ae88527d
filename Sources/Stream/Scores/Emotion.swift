/// The four classes of CA-SER, in the order of the log's columns.
public enum Emotion: String, CaseIterable, Sendable {
    case angry, happy, neutral, sad
}
