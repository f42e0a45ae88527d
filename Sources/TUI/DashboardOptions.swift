/// The look of the dashboard.
package struct DashboardOptions: Sendable {
    /// Whether colours are used; `NO_COLOR` in the environment turns them off as well.
    package var allowsColor = true
    /// The characters to draw with; nil chooses by the locale and the terminal.
    package var glyphs: Glyphs?
    package var theme = Theme.dark
    package var view = DashboardState.View.trajectory
    /// A file to draw on instead of the standard terminal, for tests, and whether it must be a terminal.
    var terminal: (path: String, mustBeTerminal: Bool)?

    package init(
        allowsColor: Bool = true, glyphs: Glyphs? = nil, theme: Theme = .dark,
        view: DashboardState.View = .trajectory
    ) {
        self.allowsColor = allowsColor
        self.glyphs = glyphs
        self.theme = theme
        self.view = view
    }
}
