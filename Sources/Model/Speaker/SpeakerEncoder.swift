import EmotionCore
import Glibc

/// The GE2E speaker encoder of Resemblyzer (Apache-2.0, https://github.com/resemble-ai/Resemblyzer), after Wan, Wang,
/// Papir, Moreno: *Generalized End-to-End Loss for Speaker Verification*.
///
///     let encoder = try SpeakerEncoder(path: "Weights/ge2e_speaker_encoder.safetensors")
///     let stream = SpeakerStream(encoder)                     // one for each channel
///     stream.append(samples.span)
///     let embedding = stream.embedding(of: [start..<end])     // of the newest 1.6 s in these ranges of samples
///
/// Mel energies, without logarithm, of up to 160 frames of 10 ms at a time go through the network:
///
///     frames [160, 40] ─► 3 × LSTM 256 from a zero state ─► last state ─► linear 256 ─► ReLU ─► unit length
///
/// That takes 216 million multiply-accumulates, of them 126 in recurrent products, one frame after another. An encoder
/// is immutable, and shared by any number of streams on any threads.
package final class SpeakerEncoder: Sendable {
    /// Samples of a frame, 25 ms, and between the centres of two frames, 10 ms.
    static let frameSize = 400
    static let hop = 160
    static let bands = 40
    /// Frames of a partial utterance, 1.6 s: the length that the network was trained on, and the most it reads at once.
    package static let partialFrames = 160
    /// The level to which quieter speech is raised, in dB relative to full scale.
    static let level = -30.0

    /// The metadata's name of this network.
    static let architecture = "ge2e-speaker-encoder"
    private static let remedy = "use the ge2e_speaker_encoder.safetensors that ships with emoscope"

    private let layers: [LSTMDirection]
    private let projection: Linear
    /// The arithmetic of the matrix products.
    package let precision: Precision

    /// Maps the file, checks every number in it, and packs the weights for this processor.
    ///
    /// - Parameters:
    ///   - path: The path of `ge2e_speaker_encoder.safetensors`.
    ///   - precision: The arithmetic of the matrix products.
    /// - Throws: As `SafetensorsFile`; `mismatch` where the file is not of this network, `malformed` where a number of
    ///   it has changed.
    package init(path: String, precision: Precision = .fp32) throws(WeightsError) {
        let file = try SafetensorsFile(path: path)
        try WeightsMetadata(file, remedy: Self.remedy).checkFormat(architecture: Self.architecture)
        try file.checkDigest(remedy: Self.remedy)
        try file.checkIsFinite(remedy: Self.remedy)
        let hidden = SpeakerEmbedding.width
        var reader = WeightReader(file, precision: precision)
        layers = (0..<3).map { layer in
            LSTMDirection(
                inputWeight: reader.take("lstm.weight_ih_l\(layer)", 4 * hidden, layer == 0 ? Self.bands : hidden),
                recurrentWeight: reader.take("lstm.weight_hh_l\(layer)", 4 * hidden, hidden),
                bias: reader.takeSum("lstm.bias_ih_l\(layer)", "lstm.bias_hh_l\(layer)", 4 * hidden),
                backward: false, precision: precision)
        }
        projection = reader.inFP32 { $0.linear("linear", inputs: hidden, outputs: hidden) }
        try reader.finish(remedy: Self.remedy)
        file.mapping.releasePages()
        self.precision = precision
    }

    /// Reads frames of one voice.
    ///
    /// - Parameter frames: Mel energies of 1…`partialFrames` frames [frames, 40], at the level of the training.
    /// - Returns: nil where an energy is not finite, or the network's output has no direction.
    func embedding(of frames: Matrix, in arena: Arena) -> SpeakerEmbedding? {
        precondition((1...Self.partialFrames).contains(frames.rows) && frames.columns == Self.bands)
        // The LSTM's sigmoid and tanh would hide energies that are not finite.
        guard frames.isFinite else { return nil }
        return arena.scope {
            let (steps, hidden) = (frames.rows, SpeakerEmbedding.width)
            let gates = arena.matrix(steps, 4 * hidden)
            let states = arena.matrix(steps, hidden)
            let cells = arena.matrix(1, hidden)
            var input = frames
            for layer in layers {
                layer.input(input, into: gates, on: arena.pool)
                layer.recur(gates, into: states, cells: cells, units: 0..<hidden, on: arena.pool)
                input = states.view
            }
            let output = projection(states.view.rows((steps - 1)..<steps), in: arena)
            output.relu()
            return unsafe output.withPointer { unsafe SpeakerEmbedding($0.span) }
        }
    }

    /// The factor of the energies that raises a signal to `level`; 1 for a louder signal, and for silence.
    ///
    /// - Parameter meanSquare: The mean square of the signal's samples.
    static func energyGain(meanSquare: Double) -> Float {
        let target = pow(10, level / 10)
        // As in `Clip.gain`, an RMS below 1e-6 is silence.
        return meanSquare >= 1e-12 && meanSquare < target ? Float(target / meanSquare) : 1
    }
}
