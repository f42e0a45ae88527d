// Times the kernels, the ring and a whole window, and counts what each allocates: make benchmarks

import EmotionNetwork
import Foundation

let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()
print("\(BackEnd.chosen), one thread")
print(Measurement.header)
measureKernels()
measureRing()
let weights = root.appendingPathComponent("Weights")
try measureSpeakerEncoder(weights.appendingPathComponent("ge2e_speaker_encoder.safetensors").path)
try measureWindow(weights.appendingPathComponent("emoscope.safetensors").path)
