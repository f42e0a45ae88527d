import CEmotionKernels

/// Measures the kernels of CKernels on the shipped network's shapes, on one thread: the products by the chosen back end,
/// and those in fp32 by OpenBLAS as well, where it is installed.
func measureKernels() {
    let pool = ck_pool_create(1)
    defer { ck_pool_destroy(pool) }
    let frames = 150
    for (outputs, depth) in [(512, 512), (2048, 512), (512, 2048)] {
        let (x, w, y) = (numbers(frames * depth), numbers(outputs * depth), numbers(frames * outputs))
        defer { for base in [x, w, y] { base.deallocate() } }
        let activation = outputs > depth ? CK_GELU : CK_LINEAR
        let shape = "\(frames) × \(depth) → \(outputs)" + (outputs > depth ? ", GELU" : "")
        for (backEnd, precision) in products() {
            let weights = ck_pack(backEnd, precision, w, depth, outputs, depth, nil)
            defer { ck_free(weights) }
            print(
                Measurement { ck_multiply(weights, x, depth, frames, y, outputs, activation, 0, pool) }
                    .row("\(name(backEnd, precision)) \(shape)", macs: frames * depth * outputs))
        }
    }

    let (x, y, z) = (numbers(frames * 2048), numbers(frames * 2048), numbers(frames * 2048))
    defer { for base in [x, y, z] { base.deallocate() } }
    for (backEnd, precision) in products() where precision == CK_FP32 {
        let macs = frames * 64 * frames
        print(
            Measurement { ck_product(backEnd, x, 512, frames, 64, y, 512, 1, frames, 0.125, z, frames, pool) }
                .row("\(name(backEnd)) a head's scores, \(frames) × 64 → \(frames)", macs: macs))
        print(
            Measurement { ck_product(backEnd, x, frames, frames, frames, y, 1, 512, 64, 1, z, 512, pool) }
                .row("\(name(backEnd)) a head's values, \(frames) × \(frames) → 64", macs: macs))
        let weights = ck_pack(backEnd, precision, y, 128, 512, 128, nil)
        defer { ck_free(weights) }
        print(
            Measurement { ck_add_row(weights, x, z, 0, 512, 0, pool) }
                .row("\(name(backEnd)) LSTM step, 128 → 512", macs: 128 * 512))
    }
    print(Measurement { ck_softmax(z, frames, frames) }.row("softmax \(frames) × \(frames)"))
    print(Measurement { ck_layer_norm(x, z, frames, 512, y, y, 1e-5) }.row("LayerNorm \(frames) × 512"))
    print(Measurement { ck_lstm_cell(x, 128, y, z, 128) }.row("LSTM cell, 128 units"))
}

/// The back ends whose products are measured, and in which precision.
private func products() -> [(OpaquePointer?, ck_precision)] {
    let chosen = ck_backend_chosen()
    let others = (0..<ck_backend_count()).map { ck_backend_at($0) }
        .filter { name($0) == "openblas" && $0 != chosen && ck_backend_supports($0, CK_FP32) != 0 }
    return [(chosen, CK_FP32)] + others.map { ($0, CK_FP32) } + [(ck_backend_for(chosen, CK_INT8), CK_INT8)]
}

private func name(_ backEnd: OpaquePointer?) -> String { String(cString: ck_backend_name(backEnd)) }

private func name(_ backEnd: OpaquePointer?, _ precision: ck_precision) -> String {
    name(backEnd) + (precision == CK_INT8 ? " int8" : " fp32")
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
