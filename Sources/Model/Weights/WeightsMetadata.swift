/// Reads the metadata of a weights file; each method throws `mismatch` where a value is missing or out of range.
struct WeightsMetadata {
    private let values: [String: String]
    private let path: String
    private let remedy: String

    init(
        _ file: SafetensorsFile, remedy: String = "use a file that emoscope weights import or Weights/training wrote"
    ) {
        values = file.metadata
        path = file.path
        self.remedy = remedy
    }

    private func mismatch(_ problem: String) -> WeightsError {
        WeightsError(.mismatch, file: path, problem: problem, remedy: remedy)
    }

    // MARK: Values

    func text(_ key: String) throws(WeightsError) -> String {
        guard let value = values[key] else { throw mismatch("its metadata lacks \(quoted(key))") }
        return value
    }

    func number(_ key: String, in range: ClosedRange<Int>) throws(WeightsError) -> Int {
        let value = try text(key)
        guard let number = Int(value), range.contains(number) else {
            throw mismatch("its metadata has \(quoted(key)) \(quoted(value)), not a number in \(range)")
        }
        return number
    }

    func choice(_ key: String, _ choices: [String]) throws(WeightsError) -> String {
        let value = try text(key)
        guard choices.contains(value) else {
            throw mismatch(
                "its metadata has \(quoted(key)) \(quoted(value)), not \(choices.joined(separator: " or "))")
        }
        return value
    }

    // MARK: Checks

    /// Checks that the file has emoscope's format and an architecture.
    func checkFormat(architecture: String = WeightsDescription.architecture) throws(WeightsError) {
        guard values["format"] == WeightsDescription.format else {
            let found = values["format"].map { ", but \(quoted($0))" } ?? ""
            throw mismatch("it is not in the format \(WeightsDescription.format)" + found)
        }
        _ = try choice("architecture", [architecture])
    }

    /// Checks that no key is present that only Whisper's encoder has.
    func checkHasNoWhisperKeys() throws(WeightsError) {
        for key in ["tap_mix", "tap_pool", "tap_pool_after"] where values[key] != nil {
            throw mismatch("its metadata has \(quoted(key)), which only the encoder whisper knows")
        }
    }

    // MARK: Properties of the network

    /// The number of frames averaged into one, and the block after which they are averaged.
    func pooling(tap: Int) throws(WeightsError) -> (frames: Int, after: Int) {
        let frames = values["tap_pool"] == nil ? 1 : try number("tap_pool", in: 1...64)
        guard let block = values["tap_pool_after"] else { return (frames, tap) }
        guard values["tap_pool"] != nil else {
            throw mismatch("its metadata has 'tap_pool_after' \(quoted(block)) without 'tap_pool'")
        }
        return (frames, try number("tap_pool_after", in: 1...tap))
    }

    /// The mixed blocks, ascending, the last of them `tap`; empty for none.
    func mix(tap: Int) throws(WeightsError) -> [Int] {
        guard let value = values["tap_mix"] else { return [] }
        let fields = value.split(separator: ",", omittingEmptySubsequences: false)
        let blocks = fields.compactMap { Int($0) }
        guard blocks.count == fields.count, blocks.last == tap, blocks[0] >= 1,
            zip(blocks, blocks.dropFirst()).allSatisfy(<)
        else {
            throw mismatch(
                "its metadata has 'tap_mix' \(quoted(value)), not ascending blocks up to its 'tap' \(tap)")
        }
        return blocks
    }

    /// The RMS in dB relative to full scale to which clips are scaled; nil for no scaling.
    func level() throws(WeightsError) -> Double? {
        let level = try text("level_dbfs")
        guard level == "none" || Double(level).map({ $0.isFinite && (-120...0).contains($0) }) == true else {
            throw mismatch("its metadata has 'level_dbfs' \(quoted(level)), not none or a number in -120...0")
        }
        return Double(level)
    }

    /// The probability below which no emotion is named; 0 where the key is missing.
    func unsure() throws(WeightsError) -> Double {
        let threshold = values["unsure"] ?? "0"
        guard let unsure = Double(threshold), (0...1).contains(unsure) else {
            throw mismatch("its metadata has 'unsure' \(quoted(threshold)), not a number in 0...1")
        }
        return unsure
    }

    /// How far a baseline is believed, and the logits of a usual voice in the labels' order; nil where nothing is said.
    func offset(labels: Int) throws(WeightsError) -> (doubt: Double, usual: [Float])? {
        guard let doubtText = values["offset_doubt"] else {
            guard values["offset_usual"] == nil else { throw mismatch("its metadata has 'offset_usual' alone") }
            return nil
        }
        guard let doubt = Double(doubtText), doubt > 0, doubt <= 1e6 else {
            throw mismatch("its metadata has 'offset_doubt' \(quoted(doubtText)), not a number above 0")
        }
        let usualText = try text("offset_usual")
        let fields = usualText.split(separator: ",", omittingEmptySubsequences: false)
        let usual = fields.compactMap { Float($0) }.filter { abs($0) <= 1e6 }
        guard usual.count == labels, fields.count == labels else {
            throw mismatch("its metadata has 'offset_usual' \(quoted(usualText)), not a number for each label")
        }
        return (doubt, usual)
    }

    /// The heads of the cross-attention and the labels; nil and none where the file has an encoder only.
    func head() throws(WeightsError) -> (crossHeads: Int?, labels: [String]) {
        guard values["labels"] != nil || values["cross_heads"] != nil else { return (nil, []) }
        let heads = try number("cross_heads", in: 1...256)
        let labels = try text("labels").split(separator: ",", omittingEmptySubsequences: false).map(String.init)
        guard Set(labels).count == labels.count, !labels.contains("") else {
            throw mismatch("its metadata has 'labels' with an empty or repeated one")
        }
        return (heads, labels)
    }
}
