import EmotionCore
import EmotionStream
import Foundation
import TestSupport
import Testing

@testable import EmotionReport

/// What a page and its pictures show of a session.
@Suite struct PageTests {
    private func figures(_ log: MadeUpLog = .conversation, name: String = "talk") throws -> SessionFigures {
        SessionFigures(try log.session(), name: name)
    }

    private func page(_ log: MadeUpLog = .conversation, name: String = "talk", sound: HTMLReport.Sound? = nil) throws
        -> String
    {
        HTMLReport.text(
            [HTMLReport.Entry(try figures(log, name: name), facts: [("hop", "<0.5 s>")], sound: sound)], version: "1",
            digest: { "digest-of-\($0.utf8.count)" })
    }

    private func data(_ page: String) throws -> [[String: Any]] {
        let text = page.components(separatedBy: "id=\"data\">")[1].components(separatedBy: "</script>")[0]
        return try #require(JSONSerialization.jsonObject(with: Data(text.utf8)) as? [[String: Any]])
    }

    // MARK: Figures

    @Test func theFiguresAreThoseOfTheSegments() throws {
        let figures = try figures()
        #expect(figures.lanes.map(\.name) == ["An;na <&> \"x\"", "Ben", "other speech"])
        #expect(figures.lanes.map(\.speech) == [3.25, 3.25, 0.5])
        #expect(figures.lanes[1].seconds == [.speech(.unsure): 1.5, .speech(.emotion(.happy)): 1.75])
        #expect(figures.lanes.map(\.turns) == [1, 2, 1] && figures.lanes[1].longestTurn == 1.75)
        let change = SessionFigures.Transition(from: .speech(.unsure), to: .speech(.emotion(.happy)))
        #expect(figures.lanes[1].transitions == [change: 1] && figures.lanes[0].changes == 0)
        #expect(figures.lanes[1].baselines == ["auto": 3.25])
        #expect(figures.quiet.map(\.label) == [.silence] && figures.hop == 0.5)
        #expect(
            figures.summary.hasSuffix(
                "0:09 · speech 82 % · An;na <&> \"x\" 0:03 · Ben 0:03 · other speech 0:01 · nothing lost"),
            "\(figures.summary)")
    }

    @Test func aReadingStandsAtTheMiddleOfItsWindowAndAGapBreaksTheCurve() throws {
        let figures = try figures()
        #expect(
            figures.lanes.map { $0.runs.map { $0.map(\.time) } } == [[[1.5, 2, 2.5, 3]], [[5, 5.5, 6], [7]], []])
    }

    @Test func manySegmentsAreShownByWhatMostOfEachPartIs() throws {
        var log = MadeUpLog()
        for number in 0..<9000 {
            log.window(Double(number) * 3, number % 3 == 0 ? "silence" : number % 6 < 3 ? "sad" : "angry")
        }
        let figures = try figures(log)
        // Each column has 56.25 s, a third of which is silence.
        #expect(figures.lanes[0].pieces.count == SessionFigures.columns && figures.quiet.isEmpty)
        #expect(figures.lanes[0].pieces.allSatisfy { abs($0.share - 2 / 3) < 0.06 && $0.probability == nil })
        #expect(figures.lanes[0].runs.map(\.count) == [SessionFigures.columns])
        #expect(figures.lanes[0].speech == 18_000, "figures are of all segments")
    }

    // MARK: Pictures

    @Test func unsureSilenceAndLossesAreShownAsSuch() throws {
        var log = MadeUpLog.conversation
        log.event("overrun", 8.5, 9, "lost <it>")
        let figures = try figures(log)
        let picture = ReportLayout([figures]).chart(figures).elements
        for piece in ["piece sad", "piece unsure", "piece happy", "piece overlap", "quiet", "band lost", "marker"] {
            #expect(picture.contains("class=\"\(piece)\""), "\(piece)")
        }
        #expect(!picture.contains("piece neutral"), "what is unsure has no emotion's colour")
        #expect(try page(log).contains("0:09: 0.50 s lost. lost &lt;it&gt;"))
    }

    @Test func aLongSessionHasABandForEachEmotion() throws {
        var log = MadeUpLog()
        for number in 0..<101 { log.window(Double(number) * 3, "sad") }
        #expect(SVGReport.text([try figures(log)]).contains("class=\"axis sad\""))
        #expect(!SVGReport.text([try figures()]).contains("class=\"axis sad\""))
    }

    @Test func sessionsOfSimilarLengthHaveOneScale() throws {
        var long = MadeUpLog()
        for number in 0..<101 { long.window(Double(number) * 3, "sad") }
        var short = MadeUpLog()
        short.window(0, "sad")
        let (one, other) = (try figures(), try figures(short))
        #expect(ReportLayout([one, other]).hasOneScale && ReportLayout([one, other]).span == 8.5)
        #expect(!ReportLayout([one, try figures(long)]).hasOneScale)
    }

    // MARK: The page

    @Test func nothingOfALogIsMarkupOrScript() throws {
        var log = MadeUpLog.conversation
        log.marker(8.5, "</script><script>alert(1)</script><img src=x onerror=alert(1)>")
        let page = try page(log, name: "<b>talk", sound: .init(address: "./\"onplay=\"x.wav", lacksPauses: true))
        #expect(
            page.components(separatedBy: "<script").count == 3 && page.components(separatedBy: "</script>").count == 3)
        #expect(!page.contains("<b>talk") && !page.contains("<img") && !page.contains("\"onplay"))
        #expect(page.contains("&lt;0.5 s&gt;"))
        let lanes = try #require(try data(page)[0]["lanes"] as? [[String: Any]])
        #expect(lanes[0]["name"] as? String == "An;na <&> \"x\"")
    }

    @Test func thePolicyAllowsItsOwnScriptAndStyleAlone() throws {
        let page = try page()
        let policy = page.components(separatedBy: "Content-Security-Policy\" content=\"")[1].components(
            separatedBy: "\"")[0]
        #expect(
            policy == "default-src 'none'; style-src 'sha256-digest-of-\(PageStyle.text.utf8.count)'; "
                + "script-src 'sha256-digest-of-\(PageScript.text.utf8.count)'; media-src 'self' file: data:; "
                + "base-uri 'none'; form-action 'none'")
        #expect(
            page.contains("<style>\(PageStyle.text)</style>") && page.contains("<script>\(PageScript.text)</script>"))
        #expect(!page.contains("http:") && !page.contains("https:") && !page.contains(" style=\""))
    }

    @Test func theDataHoldThePausesThatTheSoundLacks() throws {
        var log = MadeUpLog.conversation
        log.event("marker", 8.5, 20, "recording resumed")
        for (lacks, expected) in [(true, [[8.5, 20.0]]), (false, [])] {
            let page = try page(log, sound: .init(address: "./talk.wav", lacksPauses: lacks))
            #expect(try data(page)[0]["pauses"] as? [[Double]] == expected)
            #expect(page.contains("<audio controls preload=\"metadata\" src=\"./talk.wav\">"))
        }
        #expect(try !page(log).contains("<audio"))
    }

    @Test func sessionsAreComparedInOneTable() throws {
        let entries = try ["one", "two"].map { HTMLReport.Entry(try figures(name: $0), facts: [], sound: nil) }
        let page = HTMLReport.text(entries, version: "1", digest: { _ in "" })
        #expect(page.contains("<h1>2 sessions</h1><p>All have the same time scale.</p>"))
        #expect(
            page.components(separatedBy: "<tr><td>one</td>").count == 4
                && page.components(separatedBy: "<svg class=\"chart\"").count == 3)
    }
}
