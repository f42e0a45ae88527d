import EmotionCore

/// One column of the label track under the plot.
enum LabelTrackCell: Equatable {
    case empty, silence, overlap, dropped
    case decision(Decision)
}
