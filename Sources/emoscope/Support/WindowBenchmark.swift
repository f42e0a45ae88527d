import EmotionCore
import EmotionNetwork

/// The time of one window of 3 s, in all and by stage.
struct WindowBenchmark {
    /// A part of the network.
    struct Part {
        let name: String
        var milliseconds = 0.0
        /// The multiply-accumulates of its matrix products.
        var macs = 0
    }

    let precision: Precision
    let backEnd: BackEnd
    let threads: Int
    /// The time of each window in milliseconds, in ascending order.
    let times: [Double]
    /// The times of the windows without the front ends: from log-mel (or the samples) and MFCC to logits.
    let networkTimes: [Double]
    /// The logits of the window.
    let logits: EmotionScores
    /// The parts of the fastest window, in the order of the network.
    let parts: [Part]
    /// The multiply-accumulates per second that all threads together can reach.
    let peak: Double

    /// Times `runs` windows, after two that are not timed.
    static func measure(_ model: EmotionModel, runs: Int) throws -> WindowBenchmark {
        let engine = model.makeEngine()
        let voice = SyntheticVoice.window
        for _ in 0..<2 { _ = try engine.run(voice) }
        let clock = ContinuousClock()
        var logits = EmotionScores()
        var times: [Double] = []
        var networkTimes: [Double] = []
        var best: [Part] = []
        for _ in 0..<runs {
            var parts: [Part] = []
            let start = clock.now
            var last = start
            var macs = engine.macs
            engine.stageMark = { stage in
                let (now, done) = (clock.now, engine.macs)
                let name = part(of: stage)
                let index = parts.firstIndex { $0.name == name } ?? parts.count
                if index == parts.count { parts.append(Part(name: name)) }
                parts[index].milliseconds += milliseconds(now - last)
                parts[index].macs += done - macs
                (last, macs) = (now, done)
            }
            logits = try engine.run(voice).logits
            engine.stageMark = nil
            let time = milliseconds(clock.now - start)
            if time < times.min() ?? .infinity { best = parts }
            times.append(time)
            networkTimes.append(time - (parts.first { $0.name == frontEnds }?.milliseconds ?? 0))
        }
        let backEnd = BackEnd.chosen.computing(model.precision)
        return WindowBenchmark(
            precision: model.precision, backEnd: backEnd, threads: model.threads, times: times.sorted(),
            networkTimes: networkTimes.sorted(), logits: logits, parts: best,
            peak: backEnd.peak(model.precision) * Double(model.threads))
    }

    private static let frontEnds = "front ends"

    /// The part of the network that ends with a stage (see `Stage` in EmotionNetwork).
    private static func part(of stage: String) -> String {
        switch stage {
        case "mfcc", "log_mel": frontEnds
        case "features", "positions": "position convolution"
        case "ssl": "transformer layers"
        case "bilstm": "BiLSTM"
        case "mfcc_encoded": "FEM"
        case "ssl_projected", "fused": "fusion"
        case "embedding", "logits": "head"
        default: stage.hasPrefix("conv") ? "CNN" : "transformer layers"
        }
    }

    private static func milliseconds(_ duration: Duration) -> Double {
        Double(duration.components.seconds) * 1e3 + Double(duration.components.attoseconds) / 1e15
    }

    /// Billions of multiply-accumulates per second.
    func gigaPerSecond(_ part: Part) -> Double { Double(part.macs) / max(part.milliseconds, 1e-6) / 1e6 }

    /// Share of `peak` that the part reaches.
    func share(_ part: Part) -> Double { gigaPerSecond(part) * 1e9 / peak }
}
