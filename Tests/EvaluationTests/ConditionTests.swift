import EmotionEvaluation
import Foundation
import Testing

struct ConditionTests {
    /// A second of a sine at 16 kHz.
    private func tone(_ hertz: Double, amplitude: Double = 0.5) -> [Float] {
        (0..<16_000).map { Float(amplitude * sin(2 * .pi * hertz * Double($0) / 16_000)) }
    }

    private func rms(_ samples: some Collection<Float>) -> Double {
        (samples.reduce(0) { $0 + Double($1) * Double($1) } / Double(samples.count)).squareRoot()
    }

    private func decibels(_ ratio: Double) -> Double { 20 * log10(ratio) }

    @Test func gainScalesAndClips() {
        #expect(Gain.apply([0.05, -0.5, 0.9], decibels: 20) == [0.5, -1, 1])
        #expect(abs(Gain.apply([1], decibels: -20)[0] - 0.1) < 1e-7)
    }

    @Test func theTelephoneKeepsItsBandAndNothingElse() {
        for hertz in [500.0, 1000, 2000, 3000] {
            let loss = decibels(rms(Telephone.pass(tone(hertz))[4000..<12_000]) / rms(tone(hertz)[4000..<12_000]))
            #expect(abs(loss) < 0.5, "\(hertz) Hz: \(loss) dB")
        }
        for hertz in [100.0, 3800, 5000, 7000] {
            let loss = decibels(rms(Telephone.pass(tone(hertz))[4000..<12_000]) / rms(tone(hertz)[4000..<12_000]))
            #expect(loss < -30, "\(hertz) Hz: \(loss) dB")
        }
        #expect(Telephone.pass([]).isEmpty)
        #expect(Telephone.pass([1, 0, 0]).count == 3)
    }

    /// SciPy's response to a unit impulse at sample 100, from `conditions.telephone` of the training: samples 90 to
    /// 109.
    @Test func theTelephonesImpulseResponseIsThatOfTheTraining() {
        var impulse = [Float](repeating: 0, count: 400)
        impulse[100] = 1
        let answer = Telephone.pass(impulse)
        let expected: [Float] = [
            -4.0182785e-19, -5.2173997e-05, -3.5932361e-20, -0.00029206317, 3.6178667e-19,
            0.00084362918, -7.1607552e-19, -0.0032247533, 8.4901668e-19, 0.025805216,
            0.077729002, 0.12211467, 0.095448799, -0.037384488, -0.2197302,
            -0.3187072, -0.23889743, -0.029269218, 0.14455435, 0.1579994,
        ]
        for (index, value) in expected.enumerated() {
            #expect(abs(answer[90 + index] - value) < 1e-6, "sample \(90 + index)")
        }
    }

    @Test func noiseLiesAtItsRatioBelowTheActiveVoice() throws {
        // Half of the voice is a pause, which the ratio leaves out.
        let voice = tone(440, amplitude: 0.1) + [Float](repeating: 0, count: 16_000)
        let noise = [Float](repeating: 0, count: 5000) + tone(1700, amplitude: 0.3)
        for ratio in [10.0, 0] {
            let mixed = try #require(Noise.mix(voice, noise, ratio: ratio, draw: 7))
            let added = zip(mixed, voice).map { $0 - $1 }
            #expect(abs(decibels(rms(tone(440, amplitude: 0.1)) / rms(added)) - ratio) < 0.01)
            #expect(Noise.mix(voice, noise, ratio: ratio, draw: 7) == mixed)
            #expect(Noise.mix(voice, noise, ratio: ratio, draw: 8) != mixed)
            // The excerpt begins where the noise holds sound, not in the silence before.
            #expect(rms(added.prefix(640)) > 0.3 * rms(added))
        }
    }

    @Test func aSumBeyondFullScaleIsScaledDownAndSilentNoiseIsRefused() throws {
        let mixed = try #require(Noise.mix(tone(440, amplitude: 0.9), tone(450, amplitude: 0.9), ratio: 0, draw: 0))
        #expect(mixed.map(abs).max()! <= 1 && mixed.map(abs).max()! > 0.999)
        #expect(Noise.mix(tone(440), [Float](repeating: 0, count: 1000), ratio: 0, draw: 0) == nil)
        #expect(Noise.mix(tone(440), [], ratio: 0, draw: 0) == nil)
        #expect(Noise.mix([], tone(440), ratio: 0, draw: 0) == [])
        // Silence stays silence: there is no speech to which the noise could have a ratio.
        #expect(Noise.mix([0, 0], tone(440), ratio: 0, draw: 0) == [0, 0])
    }
}
