import CEmotionNcurses
import Glibc

/// The terminal through ncurses: shows frames and reads keys.
///
/// Create one at a time, and use it from one thread, best the main one: ncurses handles Ctrl-Z and a new size on the
/// thread that gets the signal. Start other threads with SIGTSTP, SIGCONT and SIGWINCH blocked.
@safe final class NCursesScreen {
    /// The characters to draw with.
    let glyphs: Glyphs
    /// The number of colours that the terminal shows.
    let depth: ColorDepth
    private let screen: OpaquePointer
    private let input: UnsafeMutablePointer<FILE>
    private let output: UnsafeMutablePointer<FILE>
    private var isOpen = true
    private var shown: Frame?
    private var shownTheme: Theme?
    private var pairs: [CellColors: Int32] = [:]
    private var emptyReads = 0
    private var decoder = CharacterDecoder()

    /// The two colours of a cell; nil for the terminal's own.
    private struct CellColors: Hashable {
        var foreground: Int?
        var background: Int?
    }

    /// Opens the terminal and takes over its screen.
    ///
    /// - Throws: ``DashboardError`` if there is no terminal or it cannot show the dashboard.
    init(options: DashboardOptions, environment: TerminalEnvironment) throws(DashboardError) {
        guard !environment.term.isEmpty else { throw .terminalTypeMissing }
        unsafe (input, output) = try Self.open(options.terminal)
        let isUTF8 = environment.adoptLocale()
        // Outside a UTF-8 locale ncurses can send ASCII only, whatever the options say.
        glyphs = isUTF8 ? options.glyphs ?? environment.glyphs(isUTF8: true) : .ascii
        var modes = termios()
        let hasModes = unsafe tcgetattr(fileno(output), &modes) == 0
        guard let screen = unsafe Self.newScreen(environment, output, input) else {
            unsafe Self.close(input, output)
            throw .terminalTypeUnknown(environment.term)
        }
        unsafe self.screen = unsafe screen
        depth = Self.startColors(options, environment)
        guard unsafe cn_string("cup") != nil else {
            close()
            throw .terminalTooSimple(environment.term)
        }
        TerminalCrashHandler.arm(
            sequence: Self.restoringSequence(), descriptor: unsafe fileno(output), modes: hasModes ? modes : nil)
        StandardErrorCapture.begin()
        set_escdelay(25)
        cn_prepare_input()
    }

    deinit { close() }

    /// The number of columns and rows now; 0 once closed.
    var size: (width: Int, height: Int) { isOpen ? (Int(cn_columns()), Int(cn_rows())) : (0, 0) }

    /// Shows a frame; only the cells that changed are written.
    func show(_ frame: Frame, theme: Theme) {
        guard isOpen else { return }
        let palette = Palette(theme: theme, depth: depth)
        let isNew = shown?.width != frame.width || shown?.height != frame.height || shownTheme != theme
        if isNew { cn_clear() }
        for y in 0..<min(frame.height, size.height) {
            let row = (y * frame.width)..<((y + 1) * frame.width)
            put(frame.cells[row], y: y, palette, over: isNew ? nil : shown?.cells[row])
        }
        shown = frame
        shownTheme = theme
        cn_refresh()
    }

    /// Writes the cells of a row that differ from those of the row that is shown; nil if nothing is. A row with
    /// double-width characters is written as a whole, because ncurses erases both halves of one of which it loses one.
    private func put(_ row: ArraySlice<Cell>, y: Int, _ palette: Palette, over shown: ArraySlice<Cell>?) {
        if let shown, shown == row { return }
        let columns = size.width
        let known = shown.flatMap { $0.contains { $0.scalar == 0 } || row.contains { $0.scalar == 0 } ? nil : $0 }
        for (x, cell) in row.enumerated() where cell.scalar != 0 && x < columns {
            if let known, known[known.startIndex + x] == cell { continue }
            let look = palette.attributes(of: cell.style)
            var attributes: UInt32 = 0
            if look.bold { attributes |= cn_bold() }
            if look.dim { attributes |= cn_dim() }
            if look.reverse { attributes |= cn_reverse() }
            cn_put(
                Int32(y), Int32(x), cell.scalar, cell.mark, attributes,
                pair(CellColors(foreground: look.color, background: look.background)))
        }
    }

    /// Returns the colour pair of two colours; 0, the terminal's own, if the terminal has no pair left.
    private func pair(_ colors: CellColors) -> Int32 {
        guard colors != CellColors() else { return 0 }
        if let known = pairs[colors] { return known }
        let made = max(0, alloc_pair(Int32(colors.foreground ?? -1), Int32(colors.background ?? -1)))
        pairs[colors] = made
        return made
    }

    /// Sends the whole screen again, after another program wrote on it.
    func redraw() {
        guard isOpen else { return }
        cn_redraw()
    }

    /// Returns the next key, or nil if none comes within the time. A terminal that is gone gives ``Key/hangUp``.
    func nextKey(timeout milliseconds: Int) -> Key? {
        guard isOpen else { return nil }
        let ready = cn_key()
        if ready != ERR { return key(ready) }
        var poll = unsafe pollfd(fd: fileno(input), events: Int16(POLLIN), revents: 0)
        let wait = Int32(min(max(milliseconds, 0), 60_000))
        let count = unsafe Glibc.poll(&poll, 1, wait)
        let code = cn_key()
        if code != ERR {
            emptyReads = 0
            return key(code)
        }
        // Input that is readable but yields no key has ended. Half an escape sequence looks the same, so count.
        let isGone = count > 0 && poll.revents & Int16(POLLHUP | POLLERR | POLLNVAL) != 0
        emptyReads = count > 0 ? emptyReads + 1 : 0
        return isGone || emptyReads > 3 ? .hangUp : nil
    }

    /// Returns the key of a number that ncurses gave. The further bytes of a character beyond ASCII are read at once.
    private func key(_ code: Int32) -> Key? {
        var code = code
        while let byte = UInt8(exactly: code), byte >= 0x80 {
            if let character = decoder.add(byte) { return .character(character) }
            code = cn_key()
            if code == ERR { return nil }
        }
        decoder.reset()
        return Key(code: code)
    }

    /// Restores the terminal. Calling it twice does nothing.
    func close() {
        guard isOpen else { return }
        isOpen = false
        endwin()
        TerminalCrashHandler.disarm()
        StandardErrorCapture.end()
        unsafe delscreen(screen)
        unsafe Self.close(input, output)
    }
}

extension NCursesScreen {
    private typealias Files = (UnsafeMutablePointer<FILE>, UnsafeMutablePointer<FILE>)

    /// Opens new streams to the standard input and output if both are a terminal, else to `/dev/tty`.
    private static func open(_ terminal: (path: String, mustBeTerminal: Bool)?) throws(DashboardError) -> Files {
        let isStandard = terminal == nil && isatty(STDIN_FILENO) == 1 && isatty(STDOUT_FILENO) == 1
        let path = isStandard ? "standard streams" : terminal?.path ?? "/dev/tty"
        guard let input = unsafe isStandard ? fdopen(dup(STDIN_FILENO), "r") : fopen(path, "r") else {
            if terminal == nil { throw .notATerminal }
            throw .cannotOpen(path: path, reason: unsafe String(cString: strerror(errno)))
        }
        guard let output = unsafe isStandard ? fdopen(dup(STDOUT_FILENO), "w") : fopen(path, "w") else {
            let reason = unsafe String(cString: strerror(errno))
            unsafe fclose(input)
            throw .cannotOpen(path: path, reason: reason)
        }
        if terminal?.mustBeTerminal != false, unsafe isatty(fileno(output)) == 0 {
            unsafe close(input, output)
            throw .notATerminal
        }
        return unsafe (input, output)
    }

    private static func close(_ input: UnsafeMutablePointer<FILE>, _ output: UnsafeMutablePointer<FILE>) {
        unsafe fclose(input)
        unsafe fclose(output)
    }

    /// Creates the screen of the first terminal type that the system knows; nil if it knows none.
    private static func newScreen(
        _ environment: TerminalEnvironment, _ output: UnsafeMutablePointer<FILE>,
        _ input: UnsafeMutablePointer<FILE>
    ) -> OpaquePointer? {
        for name in environment.candidates {
            if let screen = unsafe newterm(name, output, input) { return unsafe screen }
        }
        return nil
    }

    /// Turns colours on, if the options, the environment and the terminal allow them.
    private static func startColors(_ options: DashboardOptions, _ environment: TerminalEnvironment) -> ColorDepth {
        guard options.allowsColor, !environment.refusesColor, has_colors(), start_color() == OK else {
            return .monochrome
        }
        _ = use_default_colors()
        if cn_direct_color() != 0 { return .direct }
        switch cn_colors() {
        case 256...: return .indexed
        case 16..<256: return .sixteen
        case 8..<16: return .eight
        default: return .monochrome
        }
    }

    /// Returns the bytes that reset the colours, keypad mode and cursor and leave the alternate screen. Padding marks
    /// such as `$<5>`, which only slow serial terminals need, are left out.
    private static func restoringSequence() -> [UInt8] {
        var bytes: [UInt8] = []
        var leavesScreen = false
        for name in ["sgr0", "op", "rmkx", "cnorm", "rmcup"] {
            guard let text = unsafe cn_string(name) else { continue }
            var index = 0
            while case let byte = UInt8(bitPattern: unsafe text[index]), byte != 0 {
                if byte == UInt8(ascii: "$"), unsafe text[index + 1] == CChar(UInt8(ascii: "<")) {
                    while case let next = unsafe text[index], next != 0, next != CChar(UInt8(ascii: ">")) { index += 1 }
                    if unsafe text[index] != 0 { index += 1 }
                    continue
                }
                bytes.append(byte)
                index += 1
            }
            if name == "rmcup" { leavesScreen = true }
        }
        return leavesScreen ? bytes : bytes + Array("\r\n".utf8)
    }
}
