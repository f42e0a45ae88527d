import EmotionCore

/// The state of one channel of a stream: windows, voice activity, smoothing, meters and summary. A stream that is not
/// split has one channel. Confined to the session's queue.
struct Channel {
    /// Number of the channel in rows, from 1; nil where the stream is not split.
    let number: Int?

    private let settings: SessionSettings
    private let detector: Session.Detector
    private var segmenter: WindowSegmenter
    /// The state of each voice by its number; of the only one, by `onlyVoice`, where speakers are not told apart.
    private var voices: [Int: VoiceState] = [:]
    private static let onlyVoice = 0
    /// What was known of the voices where the recording paused: what is heard in a pause leaves no trace in what is recorded
    /// later.
    private var kept: (speakers: SpeakerTracker?, voices: [Int: VoiceState]) = (nil, [:])
    private var baselineChange = (number: 0, note: "")
    private var meter = LevelMeter()
    /// Samples of speech in sources that have ended.
    private var spokenBefore = 0
    private var summary = SessionSummary()
    /// The newest row about a window, and the monotonic clock, in nanoseconds, when it was logged.
    private var lastWindow: Row?
    private var lastLogged = 0

    init(_ number: Int?, _ settings: SessionSettings, _ detector: Session.Detector) {
        self.number = number
        self.settings = settings
        self.detector = detector
        segmenter = Self.segmenter(
            settings, origin: 0, detector, detector.speakers.map { Self.tracker(settings, detector, $0) })
    }

    /// Stream index after the newest sample.
    var position: Int { segmenter.position }

    /// Samples in a full window.
    var windowLength: Int { segmenter.length }

    /// Who speaks; nil where speakers are not told apart.
    var speakers: SpeakerTracker? {
        get { segmenter.speech.speakers }
        set { segmenter.speech.speakers = newValue }
    }

    var snapshot: ChannelSnapshot {
        var snapshot = ChannelSnapshot()
        snapshot.speechTime = AudioFormat.seconds(spokenBefore + segmenter.speech.spokenSamples)
        snapshot.voiceActivity = segmenter.speech.latest
        snapshot.level = meter.level
        snapshot.peak = meter.peak
        snapshot.isClipping = meter.isClipping
        snapshot.silentTime = AudioFormat.seconds(meter.silent)
        snapshot.waveform = meter.waveform
        snapshot.lastWindow = lastWindow
        snapshot.lastLogged = lastLogged
        snapshot.baseline = state(of: speakers?.current ?? Self.onlyVoice).baseline.state
        snapshot.baselineChange = baselineChange
        snapshot.summary = summary
        snapshot.speakers = speakerSnapshots
        return snapshot
    }

    private var speakerSnapshots: [SpeakerSnapshot] {
        guard let speakers else { return [] }
        let speaking = speakers.speaking
        return speakers.voices.map { voice in
            let state = state(of: voice.number)
            return SpeakerSnapshot(
                voice: voice.number, name: voice.name, talkTime: voice.seconds, isSpeaking: voice.number == speaking,
                baseline: state.baseline.state, emotions: state.totals)
        }
    }

    /// Appends samples, and returns the windows that they complete, oldest first.
    mutating func append(_ samples: ArraySlice<Float>) -> [Window] {
        meter.append(samples)
        return segmenter.append(samples)
    }

    /// Appends silence in the place of lost samples, and returns the windows that it completes.
    mutating func append(lost samples: ArraySlice<Float>) -> [Window] {
        defer { meter.forgetSilence() }
        return append(samples)
    }

    /// Ends the source, and returns the window over its last samples, unless a window ended there.
    mutating func finish() -> Window? {
        speakers?.finish()
        return segmenter.finish()
    }

    /// Corrects a row's logits by the baseline of its voice, smooths its scores, sets its decisions, and counts it. Called
    /// in the order of the rows.
    ///
    /// - Parameter moment: Time of the logging, in nanoseconds of the monotonic clock.
    /// - Returns: The note of a row about the baseline that follows this one; nil for none.
    mutating func enter(_ row: inout Row, at moment: Int) -> String? {
        let voice = row.voice ?? Self.onlyVoice
        var state = takeState(of: voice)
        let before = state.baseline.state.word
        if row.action == .takeBaseline { row.note = takeBaseline(&state, row.speaker) }
        state.read(&row)
        let seconds = summary.add(row)
        if row.isWindow {
            lastWindow = row
            lastLogged = moment
            if row.voice != nil || speakers == nil { state.count(row, seconds) }
        }
        voices[voice] = state
        if let merger = row.merger {
            merge(merger, in: &voices)
            if merger.isOfPause { merge(merger, in: &kept.voices) }
        }
        guard row.isWindow, state.baseline.state.word != before else { return nil }
        return note("baseline: learned from \(BaselineTracker.learned.fixed(0)) s of speech", row.speaker)
    }

    private func merge(_ merger: VoiceMerger, in voices: inout [Int: VoiceState]) {
        guard let merged = voices.removeValue(forKey: merger.merged) else { return }
        voices[merger.kept, default: VoiceState(settings, baseline(of: merger.kept))].absorb(merged)
    }

    private mutating func takeBaseline(_ state: inout VoiceState, _ speaker: String?) -> String {
        guard let seconds = state.takeBaseline() else {
            return note(
                "baseline unchanged: less than \(BaselineTracker.least.fixed(0)) s of speech were heard", speaker)
        }
        return note("baseline: the last \(seconds.fixed(1)) s of speech", speaker)
    }

    /// Keeps a change of a baseline, with the speaker's name where speakers are told apart; a row has the name in another
    /// column.
    private mutating func note(_ text: String, _ speaker: String?) -> String {
        baselineChange = (baselineChange.number + 1, (speaker.map { "\($0): " } ?? "") + text)
        return text
    }

    /// Begins another source on the same time line, with its own windows. The voices that were told apart stay.
    mutating func beginSource() {
        restart(at: position, speakers)
        voices = renewed(voices)
        kept.voices = renewed(kept.voices)
    }

    /// Voices at the start of a source.
    private func renewed(_ voices: [Int: VoiceState]) -> [Int: VoiceState] {
        var voices = voices
        for voice in voices.keys { voices[voice]?.beginSource(baseline(of: voice)) }
        return voices
    }

    // MARK: Pauses of the recording

    /// Called at the sample where the recording pauses.
    mutating func pauseSpeakers() { kept.speakers = speakers }

    /// Called with the row of the pause.
    mutating func pauseVoices() { kept.voices = voices }

    /// Renames a voice, also of those that come back after a pause.
    mutating func rename(_ name: String, to new: String) -> Int? {
        _ = kept.speakers?.rename(name, to: new)
        return speakers?.rename(name, to: new)
    }

    /// Merges two voices, also of those that come back after a pause.
    mutating func merge(_ name: String, into other: String) -> VoiceMerger? {
        let before = kept.speakers?.merge(name, into: other)
        var merger = speakers?.merge(name, into: other)
        merger?.isOfPause = before != nil
        return merger
    }

    /// Leaves out the stretch of the stream up to an index, which the source does not hold.
    mutating func skip(to index: Int) {
        summary.skip(position..<index)
        restart(at: index, speakers)
    }

    /// Begins anew at the sample where the recording goes on, with the voices as they were at the pause.
    mutating func resumeSpeakers() {
        restart(at: position, kept.speakers)
        kept.speakers = nil
    }

    /// Called with the row of the resumption, which ends at a stream time.
    mutating func resumeVoices(at end: Double) {
        summary.resume(at: end)
        voices = kept.voices.mapValues { voice in
            var voice = voice
            voice.beginSource(voice.baseline)
            return voice
        }
        kept.voices = [:]
    }

    /// Begins windows and voice activity anew at a stream index.
    private mutating func restart(at index: Int, _ speakers: SpeakerTracker?) {
        spokenBefore += segmenter.speech.spokenSamples
        var speakers = speakers
        speakers?.beginSource()
        segmenter = Self.segmenter(settings, origin: index, detector, speakers)
        detector.reset()
    }

    /// Takes the state of a voice out of `voices`, so that it can be changed without a copy, and then put back.
    private mutating func takeState(of voice: Int) -> VoiceState {
        voices.removeValue(forKey: voice) ?? state(of: voice)
    }

    private func state(of voice: Int) -> VoiceState {
        voices[voice] ?? VoiceState(settings, baseline(of: voice))
    }

    /// The baseline of a voice at the start of a source.
    private func baseline(of voice: Int) -> BaselineTracker {
        let channel = (number ?? 1) - 1
        guard speakers != nil, settings.known.indices.contains(voice) else {
            return BaselineTracker(settings.baseline, settings.correction, channel: channel)
        }
        let known = GivenBaseline(settings.known[voice].baseline, .profile(settings.known[voice].name))
        return BaselineTracker(.given([known]), settings.correction, channel: 0)
    }

    private static func tracker(
        _ settings: SessionSettings, _ detector: Session.Detector, _ embedder: SpeakerEmbedder
    ) -> SpeakerTracker {
        SpeakerTracker(
            settings.speakers, known: settings.known, chunk: detector.chunk,
            history: AudioFormat.samples(SessionSettings.window), embedder: embedder)
    }

    private static func segmenter(
        _ settings: SessionSettings, origin: Int, _ detector: Session.Detector, _ speakers: SpeakerTracker?
    ) -> WindowSegmenter {
        let length = AudioFormat.samples(SessionSettings.window)
        return WindowSegmenter(
            length: length, hop: max(1, AudioFormat.samples(settings.hop)), origin: origin,
            speech: SpeechTrack(
                chunk: detector.chunk, threshold: settings.speechThreshold, origin: origin, history: length,
                speakers: speakers, detector: detector.probability
            )
        )
    }
}
