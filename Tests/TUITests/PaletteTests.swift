import EmotionCore
import Testing

@testable import EmotionTUI

@Suite struct PaletteTests {
    @Test func monochromeHasNoColour() {
        for theme in Theme.allCases {
            for role in ColorRole.allCases {
                for (bold, reverse) in [(false, false), (true, false), (false, true), (true, true)] {
                    let style = Style(role: role, bold: bold, reverse: reverse)
                    let paint = Palette(theme: theme, depth: .monochrome).attributes(of: style)
                    #expect(paint.color == nil)
                    #expect(paint.bold == bold && paint.reverse == reverse)
                }
            }
        }
    }

    /// Each depth shows the four emotions in different colours, and no two differ by red against green alone.
    @Test(arguments: Theme.allCases.filter { $0 != .mono })
    func emotionsDiffer(theme: Theme) {
        for depth in [ColorDepth.eight, .sixteen, .indexed, .direct] {
            let paints = Emotion.allCases.map {
                Palette(theme: theme, depth: depth).attributes(of: Style(role: $0.colorRole))
            }
            #expect(Set(paints).count == 4, "\(theme) \(depth)")
        }
        let greens: Set<Int?> = [2, 10, 34, 40, 46, 70, 76, 82]
        for depth in [ColorDepth.eight, .sixteen, .indexed] {
            for role in ColorRole.allCases {
                #expect(!greens.contains(Palette(theme: theme, depth: depth).attributes(of: Style(role: role)).color))
            }
        }
    }

    /// Each two of the four emotions are at least 0.1 apart in OKLab (black to white is 1), for normal vision and for
    /// the lack of each kind of cone.
    @Test(arguments: [Theme.dark, .light, .safe])
    func coloursStayApartForColourBlindEyes(theme: Theme) throws {
        for vision in ColourVision.all {
            let direct = try Emotion.allCases.map {
                try #require(Palette(theme: theme, depth: .direct).attributes(of: Style(role: $0.colorRole)).color)
            }
            let palette = Palette(theme: theme, depth: .indexed)
            let indexed = try Emotion.allCases.map {
                ColourVision.rgb(index: try #require(palette.attributes(of: Style(role: $0.colorRole)).color))
            }
            for colours in [direct, indexed] {
                let seen = colours.map(vision.seen)
                for first in 0..<4 {
                    for second in 0..<first {
                        let difference = zip(seen[first], seen[second]).map { $0 - $1 }
                        let distance = difference.map { $0 * $0 }.reduce(0, +).squareRoot()
                        #expect(distance > 0.1, "\(first) and \(second) in \(theme) with \(vision.name)")
                    }
                }
            }
        }
    }

    @Test func monoIsWithoutColourAtEveryDepth() {
        for depth in ColorDepth.allCases {
            let palette = Palette(theme: .mono, depth: depth)
            #expect(!palette.hasColor && !palette.hasTints)
            for role in ColorRole.allCases {
                let paint = palette.attributes(of: Style(role: role, tint: Tint(role: .angry, strength: 3)))
                #expect(paint.color == nil && paint.background == nil)
            }
        }
    }

    /// A tint is nearer to the background than the dim colour, and that than the bright one.
    @Test func tintsAndDimColoursStandBack() throws {
        func light(_ color: Int?) throws -> Int {
            let color = try #require(color)
            return (color >> 16) + (color >> 8 & 0xFF) + (color & 0xFF)
        }
        let palette = Palette(theme: .dark, depth: .direct)
        for emotion in Emotion.allCases {
            let bright = palette.attributes(of: Style(role: emotion.colorRole))
            let dim = palette.attributes(of: Style(role: emotion.colorRole, isDim: true))
            let tints = try (1...Tint.strengths).map { strength in
                let tint = Tint(role: emotion.colorRole, strength: strength)
                return try light(palette.attributes(of: Style(role: .text, tint: tint)).background)
            }
            #expect(try light(bright.color) > light(dim.color))
            #expect(try tints == tints.sorted() && Set(tints).count == 3 && tints[2] < light(dim.color))
        }
    }

    @Test func dashesTellTheLinesApart() {
        let patterns = Emotion.allCases.map { emotion in (-24..<48).map { emotion.dashPattern.isOn(at: $0) } }
        #expect(Set(patterns).count == 4)
        #expect(patterns[0].allSatisfy { $0 })
    }

    @Test func theEnvironmentChoosesTypeColoursAndGlyphs() {
        func environment(_ variables: [String: String]) -> TerminalEnvironment { TerminalEnvironment { variables[$0] } }
        #expect(environment(["NO_COLOR": "1"]).refusesColor)
        #expect(!environment(["NO_COLOR": ""]).refusesColor)
        #expect(environment(["TERM": "xterm-256color"]).candidates == ["xterm-256color"])
        let direct = environment(["TERM": "xterm-256color", "COLORTERM": "truecolor"])
        #expect(direct.candidates == ["xterm-direct", "xterm-256color"])
        #expect(direct.glyphs(isUTF8: true) == .braille)
        #expect(direct.glyphs(isUTF8: false) == .ascii)
        #expect(environment(["TERM": "vt100"]).glyphs(isUTF8: true) == .ascii)
        #expect(environment(["TERM": "linux", "COLORTERM": "truecolor"]).candidates == ["linux"])
        #expect(environment(["LANG": "C"]).namesLocale && !environment([:]).namesLocale)
    }
}
