import EmotionFiles
import EmotionNetwork

/// Conversion of a checkpoint to emoscope's weights format: of the CA-SER authors' `caser.pt` (a bare state dict, or
/// one under `model_state_dict` or `best_chkpt` beside optimizer state), or of a Hugging Face wav2vec 2.0 base model,
/// which gives an encoder without a head.
///
///     let report = try WeightsImporter.importCheckpoint(at: "caser.pt", to: "caser.safetensors")
///
/// The checkpoint is mapped, not loaded; conversion needs a few megabytes of buffers. No code in a checkpoint ever
/// runs. Weight norm is folded, layers past the tap and parts for pretraining are left out, kernels of convolutions
/// become time-major, and everything is written as 32-bit floats.
package enum WeightsImporter {
    package struct Options: Sendable {
        /// The heads of the cross-attention: 8 in the published package, 4 in its cross-validation run. The tensors'
        /// shapes do not determine it.
        package var crossHeads = 8
        /// The transformer layer whose output is the representation; the paper's is 9.
        package var tap = 9
        /// The heads of the encoder; nil means 12 if its width is the base model's 768.
        package var encoderHeads: Int?
        /// The terms of use of the weights; nil refers to the checkpoint's own terms.
        package var licence: String?

        package init() {}
    }

    package struct Report: Sendable {
        /// The format of the input, in words.
        package let form: String
        /// The names of the checkpoint's tensors that were left out because they are not needed, sorted.
        package let dropped: [String]
        /// The description of the file that was written.
        package let written: WeightsDescription
    }

    /// Converts a checkpoint.
    ///
    /// - Parameters:
    ///   - input: The path of a `.pt`, `.bin` (PyTorch's zip form) or `.safetensors` file.
    ///   - output: The path of the file to write; it appears only once it is complete.
    ///   - existing: `.refused`, or `.replaced` to overwrite a file that exists.
    ///   - progress: A function called with the fraction written so far, from 0 to 1.
    /// - Throws: `mismatch` that names each missing, extra or misshapen tensor; `refused` that names a global or an
    ///   opcode of the pickle other than those for tensors and containers; other kinds for files that cannot be read or
    ///   written.
    @discardableResult
    package static func importCheckpoint(
        at input: String, to output: String, existing: ExistingFilePolicy = .replaced, options: Options = Options(),
        progress: (Double) -> Void = { _ in }
    ) throws(WeightsError) -> Report {
        let checkpoint = try Checkpoint.open(input)
        let plan = try ImportPlan(checkpoint, options)
        let digest = unsafe SHA256.hex(of: checkpoint.mapping.bytes)
        let name = input.split(separator: "/").last.map(String.init) ?? input
        var metadata = plan.metadata
        metadata["provenance"] = "imported from \(name) (sha256 \(digest))"
        metadata["licence"] = options.licence ?? "see the source checkpoint"
        let writer = try SafetensorsWriter(
            path: output, existing: existing,
            plan.tensors.map { .init(name: $0.name, type: .float32, shape: $0.shape) }, metadata: metadata)
        var done = 0
        for tensor in plan.tensors {
            progress(Double(done) / Double(plan.count))
            try tensor.write(to: writer, source: input)
            done += tensor.count
        }
        _ = try writer.finish()
        progress(1)
        return Report(form: checkpoint.form, dropped: plan.dropped, written: try WeightsDescription(path: output))
    }
}
