import EmotionCore

/// The colours of the themes that name them.
extension Palette {
    /// Returns a role's colour in the palette of 256.
    static func indexed(_ role: ColorRole, _ theme: Theme) -> Int? {
        let isLight = theme.isLight
        switch role {
        case .text: return nil
        case .label: return 244
        case .faint: return isLight ? 251 : 239
        case .accent: return isLight ? 30 : 80
        case .alarm: return isLight ? 127 : 213
        case .angry: return isLight ? 160 : theme == .safe ? 202 : 203
        case .happy: return isLight ? 172 : theme == .safe ? 227 : 221
        case .neutral: return isLight ? 242 : 249
        case .sad: return isLight ? 32 : theme == .safe ? 39 : 75
        case .levelLow: return isLight ? 30 : 73
        case .levelMiddle: return isLight ? 172 : 221
        case .levelHigh: return isLight ? 160 : 209
        }
    }

    /// Returns the dim form of an emotion's colour in the palette of 256; nil for other roles.
    static func dimmed(_ role: ColorRole, _ theme: Theme) -> Int? {
        switch role {
        case .angry: theme.isLight ? 217 : 131
        case .happy: theme.isLight ? 222 : 136
        case .neutral: theme.isLight ? 250 : 242
        case .sad: theme.isLight ? 153 : 67
        default: nil
        }
    }

    /// Returns the tint of a role in the palette of 256, which has one strength only.
    static func tint(_ role: ColorRole, _ theme: Theme) -> Int {
        switch role {
        case .angry: theme.isLight ? 224 : 52
        case .happy: theme.isLight ? 230 : 58
        case .sad: theme.isLight ? 195 : 17
        default: theme.isLight ? 255 : 236
        }
    }

    /// Returns a role's colour as `0xRRGGBB`.
    static func direct(_ role: ColorRole, _ theme: Theme) -> Int? {
        let isLight = theme.isLight
        switch role {
        case .text: return nil
        case .label: return ThemeColor.label.value(isLight: isLight)
        case .faint: return ThemeColor.faint.value(isLight: isLight)
        case .accent: return ThemeColor.accent.value(isLight: isLight)
        case .alarm: return ThemeColor.alarm.value(isLight: isLight)
        case .angry where theme == .safe: return 0xE06A10
        case .happy where theme == .safe: return 0xF0E442
        case .sad where theme == .safe: return 0x2C8FE8
        case .angry: return ThemeColor.emotion(.angry).value(isLight: isLight)
        case .happy: return ThemeColor.emotion(.happy).value(isLight: isLight)
        case .neutral: return ThemeColor.emotion(.neutral).value(isLight: isLight)
        case .sad: return ThemeColor.emotion(.sad).value(isLight: isLight)
        case .levelLow: return isLight ? 0x0B7A80 : 0x57B3AE
        case .levelMiddle: return isLight ? 0xCC8A00 : 0xFFD95A
        case .levelHigh: return isLight ? 0x9C2A00 : 0xFF8A5C
        }
    }
}
