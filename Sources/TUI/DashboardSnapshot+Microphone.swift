extension DashboardSnapshot {
    /// A microphone that can be heard.
    package struct Microphone: Sendable, Equatable {
        /// The name for `-D`.
        package var device: String
        /// The name for people.
        package var description: String
        /// Whether the session hears it.
        package var isHeard: Bool
        /// The level in dBFS; nil where it is not known.
        package var level: Double?
        /// Why it cannot be opened; nil where it can.
        package var problem: String?

        package init(
            device: String, description: String, isHeard: Bool = false, level: Double? = nil, problem: String? = nil
        ) {
            self.device = device
            self.description = description
            self.isHeard = isHeard
            self.level = level
            self.problem = problem
        }
    }
}
