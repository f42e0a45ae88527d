import CEmotionBuild
import EmotionNetwork
import EmotionRecognition

/// What this program is.
enum Version {
    /// The number of the version.
    static let number = "0.1.0"

    /// The commit that the program was built from; nil where it was built without git.
    private static var commit: String? {
        let text = unsafe String(cString: emotion_commit())
        return text.isEmpty ? nil : text
    }

    /// What `--version` prints: version, commit, and the weights that ship.
    static var description: String {
        """
        emoscope \(number)
        commit   \(commit ?? "not known")
        weights  \(weights)
        """
    }

    private static var weights: String {
        do {
            let weights = try WeightsDescription(path: ShippedFiles.path(of: ShippedFiles.weights))
            return "\(ShippedFiles.weights), sha256 \(weights.sha256.prefix(12))"
        } catch {
            return Failure(error).message
        }
    }
}
