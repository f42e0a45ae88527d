import EmotionCore
import EmotionFiles
import EmotionNetwork
import EmotionStream
import Glibc

/// Why a profile is not read: what is wrong with its file, and what would work.
struct ProfileFault: Error {
    let problem: String
    let advice: String
}

extension ProfileStore {
    /// Reads a profile.
    ///
    /// - Throws: `usage` where there is none of that name, `runTime` where its file is damaged or cannot be read.
    func read(_ name: String) throws(Failure) -> VoiceProfile {
        try Self.check(name)
        try checkIsThere(name)
        do {
            return try load(name)
        } catch {
            throw Failure(.runTime, "cannot read \"\(printable(path(name)))\": \(error.problem); \(error.advice)")
        }
    }

    /// Reads the file of a profile that is listed in ``names``.
    func load(_ name: String) throws(ProfileFault) -> VoiceProfile {
        let again = "make it again with: emoscope calibrate \(name) --force"
        let bytes: [UInt8]
        do {
            bytes = try BoundedFile.bytes(of: path(name), limit: BoundedFile.smallLimit)
        } catch {
            switch error {
            case .system:
                throw ProfileFault(
                    problem: error.description, advice: "remove it with: emoscope profiles remove \(name)")
            case .notRegular:
                throw ProfileFault(
                    problem: error.description,
                    advice: "move it away, and make the profile with: emoscope calibrate \(name)")
            case .tooLarge: throw ProfileFault(problem: "it is too large for a voice profile", advice: again)
            }
        }
        guard let profile = VoiceProfile(bytes) else {
            throw ProfileFault(problem: "it is no voice profile of this version", advice: again)
        }
        return profile
    }

    /// Reads the baseline of a profile that was made with the weights of a model.
    func baseline(_ name: String, for model: EmotionModel) throws(Failure) -> VoiceBaseline {
        try read(name, for: model).baseline
    }

    /// Reads the profiles of speakers who share a microphone, made with the weights of a model.
    ///
    /// - Throws: `usage` where a name can be no speaker's, or a profile holds no embedding.
    func speakers(_ names: [String], for model: EmotionModel) throws(Failure) -> [KnownSpeaker] {
        try names.map { name throws(Failure) in
            try Self.checkSpeaker(name)
            let profile = try read(name, for: model)
            guard let voice = profile.voice else {
                throw Failure(
                    .usage,
                    "the profile \"\(name)\" was made before profiles held the voice: make it again with: emoscope "
                        + "calibrate \(name) --force")
            }
            return KnownSpeaker(name: name, embedding: voice, baseline: profile.baseline)
        }
    }

    /// Reads a profile that was made with the weights of a model.
    private func read(_ name: String, for model: EmotionModel) throws(Failure) -> VoiceProfile {
        let profile = try read(name)
        guard profile.fits(model.metadata[WeightsDescription.digestKey]) else {
            throw Failure(
                .weights,
                "the profile \"\(name)\" was made with other weights, \(printable(profile.weights)): choose them with "
                    + "--weights, or make it again with: emoscope calibrate \(name) --force")
        }
        return profile
    }

    /// Checks that there is something at a profile's path, readable or not.
    func checkIsThere(_ name: String) throws(Failure) {
        var status = stat()
        if unsafe lstat(path(name), &status) == 0 { return }
        guard errno == ENOENT || errno == ENOTDIR else {
            let reason = unsafe String(cString: strerror(errno))
            throw Failure(
                .runTime,
                "cannot read the profile \"\(name)\": \(reason); give yourself access to \"\(printable(folder))\"")
        }
        let known = names
        throw Failure(
            .usage,
            "there is no profile \"\(name)\": "
                + (known.isEmpty ? "there are none yet" : "there are \(known.joined(separator: ", "))")
                + "; make one with: emoscope calibrate \(name)")
    }
}
