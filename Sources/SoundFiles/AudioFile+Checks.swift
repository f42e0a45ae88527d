import EmotionCore

extension AudioFile {
    /// The name of standard input.
    package static let standardInput = "-"

    /// Whether a path leads to a stream, such as a pipe, which is gone once it was read; `-` is standard input.
    package static func isStream(_ path: String) -> Bool { SoundInput.isStream(path) }

    /// A recording with its decoder.
    struct Opened {
        let decoder: any FrameDecoder
        let interrupter: StreamInterrupter?
        /// Whether samples come as a writer sends them.
        let isStream: Bool
    }

    /// Opens a path and chooses a decoder.
    ///
    /// - Parameter raw: The format of bare samples; nil for a file with a header.
    static func open(_ path: String, _ raw: RawFormat?) throws(SoundFileError) -> Opened {
        let input = try SoundInput(path)
        if case .file(let size, let isNamed) = input.kind, raw == nil {
            return try open(input, size: size, isNamed: isNamed, wasStreamed: false)
        }
        let bytes = ByteStream(descriptor: input.descriptor)
        if let raw {
            guard !bytes.peek(1).isEmpty else { throw SoundFileError(path, cannot: "open", because: "it is empty") }
            return Opened(
                decoder: PCMStream(bytes, raw: raw, path: path), interrupter: bytes.interrupter, isStream: true)
        }
        if let decoder = PCMStream(bytes, path: path) {
            return Opened(decoder: decoder, interrupter: bytes.interrupter, isStream: true)
        }
        let file = try SoundInput.file(of: bytes, path: path)
        guard case .file(let size, _) = file.kind else { preconditionFailure("a stream was copied to a file") }
        return try open(file, size: size, isNamed: false, wasStreamed: true)
    }

    /// Opens a regular file by libsndfile, or by ffmpeg where that does not read it.
    private static func open(
        _ input: SoundInput, size: Int, isNamed: Bool, wasStreamed: Bool
    ) throws(SoundFileError) -> Opened {
        let second = input.duplicate()
        do {
            let decoder = try LibsndfileDecoder(input, size: size, isNamed: isNamed, wasStreamed: wasStreamed)
            second?.close()
            return Opened(decoder: decoder, interrupter: nil, isStream: false)
        } catch {
            guard error.isOfUnknownFormat, let second, let program = FFmpegDecoder.program else {
                second?.close()
                throw error
            }
            let decoder = try FFmpegDecoder(descriptor: second.descriptor, path: input.path, by: program)
            return Opened(decoder: decoder, interrupter: decoder.interrupter, isStream: false)
        }
    }

    /// Throws if the format, channels or rate are outside of what this program reads.
    static func check(_ decoder: any FrameDecoder, _ path: String, _ mode: ChannelMode) throws(SoundFileError) {
        if !RawFormat.channelCounts.contains(decoder.channels) {
            throw SoundFileError(
                path, cannot: "open", because: "it claims \(decoder.channels) channels, and 1 to 64 work")
        }
        if !RawFormat.rates.contains(decoder.sampleRate) {
            throw SoundFileError(
                path, cannot: "open", because: "it claims \(decoder.sampleRate) Hz, and 1000 to 768000 work")
        }
        guard decoder.channels >= mode.count else {
            throw SoundFileError(
                path, cannot: "split", because: mode.problem(channels: decoder.channels),
                advice: "leave --split-channels out, or name a stereo recording")
        }
    }
}
