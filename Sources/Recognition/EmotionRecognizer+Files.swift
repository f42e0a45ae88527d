import EmotionCore
import EmotionNetwork
import EmotionSoundFiles

extension EmotionRecognizer {
    /// Names the emotion of each file, several files in parallel.
    ///
    /// - Parameters:
    ///   - files: Paths of recordings.
    ///   - baseline: How the voice in all of them sounds when it is neutral; nil for unknown.
    /// - Returns: A result for each file, in order: what ``predict(file:baseline:)`` gives or throws, whatever the
    ///   other files are.
    public func predict(
        files: [String], baseline: VoiceBaseline? = nil
    ) -> [Result<RecognitionResult, RecognitionError>] {
        var results: [Result<RecognitionResult, RecognitionError>] = []
        results.reserveCapacity(files.count)
        predict(files: files, baseline: baseline) { results.append($1) }
        return results
    }

    /// Names the emotion of each file, several files in parallel, and calls `receive` with each result once it and
    /// those before it are computed.
    ///
    /// - Parameters:
    ///   - files: Paths of recordings.
    ///   - baseline: How the voice in all of them sounds when it is neutral; nil for unknown.
    ///   - raw: The format of bare samples; nil for files with headers.
    ///   - receive: A function called with each file and its result, in order, on the calling thread. If it throws, the
    ///     work ends.
    public func predict<Failure: Error>(
        files: [String], baseline: VoiceBaseline? = nil, raw: RawFormat? = nil,
        receive: (String, Result<RecognitionResult, RecognitionError>) throws(Failure) -> Void
    ) throws(Failure) {
        try read(
            files, baseline: baseline, pieces: { path, take in try RecordingReader.pieces(of: path, raw: raw, take) },
            receive: receive)
    }

    /// Recognizes recordings of any kind, several in parallel.
    ///
    /// - Parameters:
    ///   - pieces: A function that calls `take` with consecutive pieces of a recording: 16 kHz samples, each piece of
    ///     at most 13 s; it returns what was wrong with the recording.
    ///   - receive: A function called with each recording and its result, in order, on the calling thread.
    package func read<Recording: Sendable, Failure: Error>(
        _ recordings: [Recording], baseline: VoiceBaseline? = nil,
        pieces: @escaping @Sendable (Recording, _ take: ([Float]) -> Void) throws -> [SoundWarning],
        receive: (Recording, Result<RecognitionResult, RecognitionError>) throws(Failure) -> Void
    ) throws(Failure) {
        let workers = workers(recordings.count)
        try orderedParallelMap(
            recordings, batchSize: RecordingReader.recordings, workers: workers,
            makeWorker: { self.makeReader(among: workers) },
            transform: { reader, recordings in
                reader.read(Array(recordings), baseline: baseline, pieces: pieces).map {
                    $0.mapError(RecognitionError.init)
                }
            }, receive: receive)
    }

    /// Computes the representation of each file as ``representation(file:)`` does, several files in parallel.
    ///
    /// - Parameters:
    ///   - files: Paths of recordings.
    ///   - raw: The format of bare samples; nil for files with headers.
    ///   - receive: A function called with each file and its representation or error, in order, on the calling thread.
    ///     If it throws, the work ends.
    public func representations<Failure: Error>(
        files: [String], raw: RawFormat? = nil,
        receive: (String, Result<RecordingRepresentation, RecognitionError>) throws(Failure) -> Void
    ) throws(Failure) {
        let workers = workers(files.count)
        try orderedParallelMap(
            files, batchSize: 1, workers: workers, makeWorker: { self.makeReader(among: workers) },
            transform: { reader, files in
                files.map { file in
                    Result { try reader.representation { try RecordingReader.pieces(of: file, raw: raw, $0) } }
                        .mapError(RecognitionError.init)
                }
            }, receive: receive)
    }

    /// Does something of the caller's own with each of several recordings, several at once.
    ///
    /// - Parameters:
    ///   - makeWorker: Called once on each thread, with an engine; what it makes is used on that thread alone.
    ///   - transform: Gives the result of a recording.
    ///   - receive: Gets each recording with its result, in their order, on the calling thread.
    package func mapInParallel<Recording: Sendable, Worker, Output: Sendable, Failure: Error>(
        _ recordings: [Recording], makeWorker: @escaping @Sendable (InferenceEngine) -> Worker,
        transform: @escaping @Sendable (Worker, Recording) -> Output,
        receive: (Recording, Output) throws(Failure) -> Void
    ) throws(Failure) {
        let workers = workers(recordings.count)
        try orderedParallelMap(
            recordings, batchSize: 1, workers: workers,
            makeWorker: { makeWorker(self.makeEngine(among: workers)) },
            transform: { worker, recordings in recordings.map { transform(worker, $0) } }, receive: receive)
    }

    /// Reads a file and calls `take` with consecutive pieces of at most 13 s each, as 16 kHz samples of one channel.
    ///
    /// - Returns: What was wrong with the file.
    package static func pieces(of path: String, _ take: ([Float]) throws -> Void) throws -> [SoundWarning] {
        try RecordingReader.pieces(of: path, take)
    }
}
