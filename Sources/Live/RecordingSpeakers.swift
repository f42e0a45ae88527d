import EmotionCore
import EmotionNetwork
import EmotionSoundFiles
import EmotionStream

/// Who speaks when in a recording, as a session tells it that hears the recording.
package struct RecordingSpeakers: Sendable {
    /// Turns of one voice, in samples.
    package struct Turn: Equatable, Sendable {
        /// The voice's name, a letter.
        package let speaker: String
        package let range: Range<Int>
    }

    /// The turns of the recording, ascending.
    package private(set) var turns: [Turn] = []
    /// Who was shown as the one who speaks, from when until when.
    package private(set) var shown: [Turn] = []
    /// Samples of the recording.
    package private(set) var samples = 0
    /// What was wrong with the recording, and what was done about it.
    package private(set) var warnings: [SoundWarning] = []

    /// Reads a recording.
    ///
    /// - Parameters:
    ///   - count: How many voices it has.
    ///   - voiceActivityPath: The weights of the voice activity detector.
    /// - Throws: `SoundFileError` where it is not readable, `WeightsError` where the weights are not.
    package init(
        _ path: String, _ count: SpeakerCount, encoder: SpeakerEncoder, voiceActivityPath: String
    ) throws {
        let tracker = SpeakerTracker(
            count, known: [], chunk: SileroVAD.chunkSize, history: Int.max / 2,
            embedder: SessionNetworks.embedder(encoder))
        var track = SpeechTrack(
            chunk: SileroVAD.chunkSize, threshold: SessionSettings().speechThreshold, origin: 0, history: 0,
            speakers: tracker, detector: try SessionNetworks.detector(voiceActivityPath).probability)
        let file = try AudioFile(path: path)
        while case let chunk = try file.read(upTo: SileroVAD.chunkSize), !chunk.isEmpty {
            samples += chunk.count
            track.append(chunk[...])
            if let tracker = track.speakers, chunk.count == SileroVAD.chunkSize { note(tracker, at: samples) }
        }
        warnings = file.warnings
        track.speakers?.finish()
        guard let tracker = track.speakers else { return }
        turns = tracker.turns.compactMap { stretch in
            stretch.voice.map { Turn(speaker: tracker.name(of: $0), range: stretch.range) }
        }
    }

    /// Notes who is shown at a moment.
    private mutating func note(_ tracker: SpeakerTracker, at position: Int) {
        guard let voice = tracker.speaking else { return }
        let name = tracker.name(of: voice)
        let start = position - SileroVAD.chunkSize
        if let last = shown.last, last.speaker == name, last.range.upperBound == start {
            shown[shown.count - 1] = Turn(speaker: name, range: last.range.lowerBound..<position)
        } else {
            shown.append(Turn(speaker: name, range: start..<position))
        }
    }
}
