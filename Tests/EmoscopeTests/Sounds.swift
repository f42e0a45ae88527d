import Capture
import Foundation

/// A WAV file of 16 kHz mono samples.
func writeWAV(_ samples: [Float], to path: String) throws {
    let writer = try WAVWriter(path: path, overwriting: true)
    try writer.append(samples)
    try writer.close()
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
