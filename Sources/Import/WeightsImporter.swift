import EmotionFiles
import EmotionNetwork

/// Turns a checkpoint of others into emoscope's weights format: the CA-SER authors' `caser.pt` (bare, or under
/// `model_state_dict` or `best_chkpt` beside optimizer state), or a Hugging Face wav2vec 2.0 base model, which gives
/// an encoder without a head.
///
///     let report = try WeightsImporter.importCheckpoint(at: "caser.pt", to: "caser.safetensors")
///
/// The checkpoint is mapped, not loaded; conversion holds a few hundred kilobytes at a time. No code in a checkpoint
/// ever runs. Weight norm is folded, layers past the tap and parts for pretraining are left out, kernels of
/// convolutions become time-major, and everything is written as 32-bit floats.
package enum WeightsImporter {
    package struct Options: Sendable {
        /// Heads of the cross-attention: 8 in the published package, 4 in its cross-validation run. The tensors
        /// cannot tell.
        package var crossHeads = 8
        /// Transformer layer whose output is the representation; the paper's is 9.
        package var tap = 9
        /// Heads of the encoder; nil stands for 12 where its width is the base model's 768.
        package var encoderHeads: Int?
        /// What may be done with the weights; nil says to look at the checkpoint's own terms.
        package var licence: String?

        package init() {}
    }

    package struct Report: Sendable {
        /// What the input turned out to be, in words.
        package let form: String
        /// Names in the checkpoint that are not needed and were left out, sorted.
        package let dropped: [String]
        /// What was written.
        package let written: WeightsDescription
    }

    /// - Parameters:
    ///   - input: path of a `.pt`, `.bin` (PyTorch's zip form) or `.safetensors` file.
    ///   - output: path of the file to write; it appears only when all went well.
    ///   - existing: `.refused`, or `.replaced` where a file that is there already may go.
    ///   - progress: called with the fraction written so far, from 0 to 1.
    /// - Throws: `mismatch` that names each missing, extra or misshapen tensor; `refused` that names what a pickle
    ///   asks for beyond tensors and containers; other kinds for files that cannot be read or written.
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
