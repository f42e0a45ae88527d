import EmotionCore
import EmotionFiles
import EmotionTUI

/// The theme and the view that the dashboard was left with, which the next one begins with: a file in the user's state
/// folder of the XDG base directory specification. It is no more than a convenience, so a file that cannot be read or
/// written is passed over.
struct RememberedLook: Codable, Equatable {
    private(set) var theme: Theme?
    private(set) var view: DashboardState.View?

    private static let limit = 4096
    private static var folder: String? { UserFolder.path("XDG_STATE_HOME", orInHome: ".local/state") }
    private static let file = "/dashboard.json"

    init(_ dashboard: Dashboard) {
        (theme, view) = dashboard.look
    }

    /// Reads the names that are known; others count as none.
    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        theme = try container.decodeIfPresent(String.self, forKey: .theme).flatMap(Theme.init)
        view = try container.decodeIfPresent(String.self, forKey: .view).flatMap(DashboardState.View.init)
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(theme?.rawValue, forKey: .theme)
        try container.encode(view?.rawValue, forKey: .view)
    }

    private enum CodingKeys: CodingKey {
        case theme, view
    }

    /// The look that was kept last; nil where there is none.
    static var last: RememberedLook? {
        guard let folder, let bytes = try? BoundedFile.bytes(of: folder + file, limit: limit) else { return nil }
        return try? JSONText.decode(bytes)
    }

    /// Keeps the look for the next dashboard.
    func keep() {
        guard let folder = Self.folder, let bytes = try? JSONText.file(self) else { return }
        do throws(FileError) {
            try UserFolder.make(folder)
            try AtomicFile.write(bytes, to: folder + Self.file, existing: .replaced)
        } catch {}
    }
}
