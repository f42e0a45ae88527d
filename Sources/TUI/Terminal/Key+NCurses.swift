import CEmotionNcurses

extension Key {
    /// Creates the key that ncurses reports by this number; nil for a key that the dashboard does not use, and for a
    /// byte of a character beyond ASCII.
    init?(code: Int32) {
        switch code {
        case KEY_LEFT: self = .left
        case KEY_RIGHT: self = .right
        case KEY_UP: self = .up
        case KEY_DOWN: self = .down
        case KEY_HOME: self = .home
        case KEY_END: self = .end
        case KEY_PPAGE: self = .pageUp
        case KEY_NPAGE: self = .pageDown
        case KEY_RESIZE: self = .resize
        case KEY_ENTER, 10, 13: self = .enter
        case KEY_BACKSPACE, 8, 127: self = .backspace
        case 9: self = .tab
        case 27: self = .escape
        case 1...26:
            guard let letter = Unicode.Scalar(UInt32(code) + 0x60) else { return nil }
            self = .control(Character(letter))
        case 32...126:
            guard let scalar = Unicode.Scalar(UInt32(code)) else { return nil }
            self = .character(Character(scalar))
        case (KEY_F0 + 1)...(KEY_F0 + 12): self = .function(Int(code - KEY_F0))
        default: return nil
        }
    }
}
