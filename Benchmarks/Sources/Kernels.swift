import CEmotionKernels

/// Measures the kernels of CKernels on the shipped network's shapes, on one thread, at this processor's level.
func measureKernels() {
    let level = ck_level_chosen()
    let pool = ck_pool_create(1)
    defer { ck_pool_destroy(pool) }
    let frames = 150
    for (outputs, depth) in [(512, 512), (2048, 512), (512, 2048)] {
        let (x, w, y) = (numbers(frames * depth), numbers(outputs * depth), numbers(frames * outputs))
        defer { for base in [x, w, y] { base.deallocate() } }
        let activation = outputs > depth ? CK_GELU : CK_LINEAR
        let shape = "\(frames) × \(depth) → \(outputs)" + (outputs > depth ? ", GELU" : "")
        let macs = frames * depth * outputs
        let plain = ck_f32_pack(level, w, depth, outputs, depth, nil)
        defer { ck_f32_free(plain) }
        print(
            Measurement { ck_f32_multiply(plain, x, depth, frames, y, outputs, activation, pool) }
                .row("fp32 \(shape)", macs: macs))
        let small = ck_i8_pack(level, w, depth, outputs, depth, nil)
        defer { ck_i8_free(small) }
        print(
            Measurement { ck_i8_multiply(small, x, depth, frames, y, outputs, activation, pool) }
                .row("int8 \(shape)", macs: macs))
    }

    let (x, y, z) = (numbers(frames * 2048), numbers(frames * 2048), numbers(frames * 2048))
    defer { for base in [x, y, z] { base.deallocate() } }
    print(
        Measurement { ck_f32_product(level, x, 512, frames, 64, y, 512, 1, frames, 0.125, z, frames, pool) }
            .row("a head's scores, \(frames) × 64 → \(frames)", macs: frames * 64 * frames))
    print(
        Measurement { ck_f32_product(level, x, frames, frames, frames, y, 1, 512, 64, 1, z, 512, pool) }
            .row("a head's values, \(frames) × \(frames) → 64", macs: frames * 64 * frames))
    print(Measurement { ck_softmax(z, frames, frames) }.row("softmax \(frames) × \(frames)"))
    print(Measurement { ck_layer_norm(x, z, frames, 512, y, y, 1e-5) }.row("LayerNorm \(frames) × 512"))
    print(Measurement { ck_lstm_cell(x, 128, y, z, 128) }.row("LSTM cell, 128 units"))
}

/// Allocates `count` pseudo-random numbers, uniform in ±1 and the same in each call.
private func numbers(_ count: Int) -> UnsafeMutablePointer<Float> {
    let base = UnsafeMutablePointer<Float>.allocate(capacity: count)
    var state: UInt32 = 1
    for index in 0..<count {
        state = state &* 1_664_525 &+ 1_013_904_223
        base[index] = Float(state >> 8) / Float(1 << 23) - 1
    }
    return base
}
