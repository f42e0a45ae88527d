// Times the kernels, the ring and a whole window, and counts what each allocates: make benchmarks

import EmotionNetwork
import Foundation

let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()
print("\(KernelLevel.chosen.rawValue), one thread")
print(Measurement.header)
measureKernels()
measureRing()
try measureWindow(root.appendingPathComponent("Weights/emoscope.safetensors").path)
