import EmotionSoundFiles
import Foundation

/// A WAV file of 16 kHz mono samples.
func writeWAV(_ samples: [Float], to path: String) throws {
    let writer = try WAVWriter(path: path, existing: .replaced)
    try writer.append(samples)
}

/// Writes a WAV file of 16 kHz with these channels, which are equally long.
func writeWAV(channels: [[Float]], to path: String) throws {
    let writer = try WAVWriter(path: path, existing: .replaced, channels: channels.count)
    try writer.append(channels[0].indices.flatMap { frame in channels.map { $0[frame] } })
}

/// The samples of a recording from one second to another.
func excerpt(_ path: String, from start: Double, to end: Double) throws -> [Float] {
    let samples = try AudioFile(path: path).readAll()
    return Array(samples[Int(start * 16_000)..<min(samples.count, Int(end * 16_000))])
}

/// A quiet sine: sound, but no speech.
func tone(seconds: Double, amplitude: Float = 0.1) -> [Float] {
    (0..<Int(seconds * 16_000)).map { amplitude * sin(2 * .pi * 440 * Float($0) / 16_000) }
}

/// The bundled conversation between two of its speakers, `seconds` of it, each on a channel that is silent while the
/// other one talks.
func twoSpeakers(seconds: Double) throws -> [[Float]] {
    let clips = try conversationClips()
    let first = clips[0].speaker
    let second = clips.first { $0.speaker != first }?.speaker
    var channels: [[Float]] = [[], []]
    for clip in clips where clip.speaker == first || clip.speaker == second {
        let silence = [Float](repeating: 0, count: clip.samples.count)
        channels[0] += clip.speaker == first ? clip.samples : silence
        channels[1] += clip.speaker == first ? silence : clip.samples
    }
    return channels.map { Array($0.prefix(Int(seconds * 16_000))) }
}

/// A clip of the bundled conversation as `Samples/conversation.csv` lists it.
struct ConversationClip {
    /// The name of the clip's recording in EMO-DB.
    let name: String
    let speaker: String
    let emotion: String
    let samples: [Float]
}

/// All clips of the bundled conversation.
func conversationClips() throws -> [ConversationClip] {
    let list = try String(contentsOfFile: root.appendingPathComponent("Samples/conversation.csv").path, encoding: .utf8)
    let samples = try AudioFile(path: conversation).readAll()
    return list.split(whereSeparator: \.isNewline).dropFirst().map { line in
        let cells = line.split(separator: ",").map(String.init)
        let span = Int((Double(cells[0])! * 16_000).rounded())..<Int((Double(cells[1])! * 16_000).rounded())
        return ConversationClip(
            name: String(cells[4].prefix { $0 != "." }), speaker: cells[2], emotion: cells[3],
            samples: Array(samples[span]))
    }
}
