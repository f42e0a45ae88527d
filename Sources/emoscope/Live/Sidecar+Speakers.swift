import EmotionCore
import EmotionStream

/// How many voices shared a channel, and what a session knew of them beforehand.
extension Sidecar.Settings {
    /// Describes the speakers of a session.
    mutating func describe(_ count: SpeakerCount, _ known: [KnownSpeaker]) {
        speakers = count.word
        guard !known.isEmpty else { return }
        profiles = known.map { speaker in
            Sidecar.Profile(
                name: speaker.name, baseline: speaker.baseline, sha256: speaker.embedding?.sha256 ?? "")
        }
    }

    /// The number of voices; nil where the description names none that this version knows.
    var speakerCount: SpeakerCount? {
        // Sessions of older versions had one.
        speakers.map { SpeakerCount(word: $0) } ?? .exactly(1)
    }

    /// What is wrong with the description of the speakers, as a clause; nil where all is well.
    var speakersProblem: String? {
        guard let speakerCount else { return "its number of speakers \"\(printable(speakers ?? ""))\" is not known" }
        guard !splitChannels || speakerCount == .exactly(1) else {
            return "it has \(speakerCount.word) speakers on each of two channels"
        }
        guard let profiles else { return nil }
        let names = profiles.map(\.name)
        guard speakerCount != .exactly(1), (1...speakerCount.most).contains(profiles.count),
            Set(names).count == names.count
        else { return "its profiles are not those of \(speakerCount.word) speakers" }
        guard names.allSatisfy({ (try? ProfileStore.checkSpeaker($0)) != nil }) else {
            return "a profile of it has a name that no speaker can have"
        }
        guard baselines == nil, profiles.allSatisfy({ $0.baseline.isPlausible && $0.hasDigest }) else {
            return "its profiles are no voice's"
        }
        return nil
    }

    /// The speakers who were known beforehand: baselines of the description, and embeddings of the profiles.
    ///
    /// - Throws: Where a profile is not there any more, or holds another voice.
    func knownSpeakers() throws(Failure) -> [KnownSpeaker] {
        guard let profiles, !profiles.isEmpty else { return [] }
        let store = try ProfileStore()
        return try profiles.map { known throws(Failure) in
            let voice: SpeakerEmbedding?
            do throws(Failure) {
                voice = try store.read(known.name).voice
            } catch {
                throw error.kind == .usage ? known.isNotThere("removed", store) : error
            }
            guard let voice, voice.sha256 == known.sha256 else { throw known.isNotThere("replaced", store) }
            return KnownSpeaker(name: known.name, embedding: voice, baseline: known.baseline)
        }
    }
}

extension Sidecar.Profile {
    fileprivate var hasDigest: Bool { sha256.utf8.count == 64 && sha256.allSatisfy(\.isHexDigit) }

    /// The error of a session whose profile is gone.
    fileprivate func isNotThere(_ event: String, _ store: ProfileStore) -> Failure {
        Failure(
            .usage,
            "the session knew the voice of \"\(name)\" by a profile that was \(event): the description holds no voice, so "
                + "put that profile back at \"\(printable(store.path(name)))\" to repeat the session")
    }
}
