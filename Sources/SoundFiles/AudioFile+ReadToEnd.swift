import EmotionCore

extension AudioFile {
    /// Reads the rest of the file, in pieces of at most `count` samples.
    ///
    /// - Parameter take: Called with each piece, which is not empty.
    /// - Returns: What is wrong with the file, and what was done about it. A file that breaks off after some sound is such
    ///   a warning.
    /// - Throws: A ``SoundFileError`` where it breaks off before any sound, and what `take` throws.
    package func readToEnd(upTo count: Int, _ take: ([Float]) throws -> Void) throws -> [SoundWarning] {
        var isEmpty = true
        while true {
            let piece: [Float]
            do {
                piece = try read(upTo: count)
            } catch {
                guard !isEmpty else { throw error }
                return warnings + [SoundWarning(error)]
            }
            guard !piece.isEmpty else { return warnings }
            isEmpty = false
            try take(piece)
        }
    }
}

extension SoundWarning {
    /// The warning about a file of which only a part could be read.
    package init(_ error: SoundFileError) {
        self.init(.brokenOff, error.path, "\(error.problem): what there is was read")
    }
}
