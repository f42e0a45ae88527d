import EmotionCore

extension Painter {
    /// The span in seconds from which each emotion has a band of its own: four curves over minutes would be a wall of
    /// dots.
    static let bandsFrom = 120.0

    /// Whether the plot shows bands in place of curves.
    func showsBands(_ area: Rect) -> Bool { span >= Self.bandsFrom && area.height >= Emotion.allCases.count }

    /// Paints a band for each emotion, one above the other: the mean probability of each column as a filled area, bright
    /// where the emotion leads.
    mutating func paintBands(_ area: Rect, _ scale: PlotScale, _ curves: Curves) {
        let columns = meanScores(width: area.width, scale, curves)
        let height = area.height / Emotion.allCases.count
        let newest = lastScores(scale, curves)
        for emotion in Emotion.allCases {
            // What is left over stands between the bands and the ribbon.
            let bottom = area.y + (emotion.index + 1) * height
            paintBand(emotion, columns, Rect(x: area.x, y: bottom - height, width: area.width, height: height))
            frame.put(
                emotion.letter, x: area.x - 2, y: bottom - 1, Style(role: emotion.colorRole, bold: true))
            guard let newest else { continue }
            let isLeader = newest.scores.argmax == emotion && newest.isLive
            paintEdge(emotion, newest.scores, x: area.right, y: bottom - 1, isLive: newest.isLive, isLeader: isLeader)
        }
    }

    private mutating func paintBand(_ emotion: Emotion, _ columns: [EmotionScores?], _ band: Rect) {
        // Bands of two rows or more stay apart by an eighth.
        let full = band.height * 8 - (band.height > 1 ? 1 : 0)
        for (x, scores) in columns.enumerated() {
            guard let scores else { continue }
            let eighths = clampedInt((clampedUnit(Double(scores[emotion])) * Double(full)).rounded())
            let style = Style(role: emotion.colorRole, isDim: scores.argmax != emotion)
            for row in 0..<band.height {
                let filled = min(eighths - row * 8, 8)
                guard filled > 0 || row == 0 else { break }
                // Speech without a trace of the emotion leaves a thin line, and silence nothing.
                let block = glyphs.block(eighths: max(filled, glyphs == .ascii ? 0 : 1))
                guard block != " " else { continue }
                frame.put(block, x: band.x + x, y: band.bottom - 1 - row, style)
            }
        }
    }

    /// Returns the mean probabilities of the scored windows of each column; nil where there are none.
    private func meanScores(width: Int, _ scale: PlotScale, _ curves: Curves) -> [EmotionScores?] {
        var sums = [[Float]](repeating: [], count: width)
        var counts = [Float](repeating: 0, count: width)
        for (range, point) in windowCells(width: width, scale) where curves.isDrawn(point) {
            let scores = curves.scores(point)
            for x in range {
                if counts[x] == 0 { sums[x] = [0, 0, 0, 0] }
                for emotion in Emotion.allCases { sums[x][emotion.index] += scores[emotion] }
                counts[x] += 1
            }
        }
        return zip(sums, counts).map { sum, count in
            guard count > 0 else { return nil }
            return EmotionScores(
                angry: sum[0] / count, happy: sum[1] / count, neutral: sum[2] / count, sad: sum[3] / count)
        }
    }
}
