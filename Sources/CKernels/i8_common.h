// The parts of the int8 kernels that the compiler vectorises by itself. Included once for each back end with
//   TARGET   the attribute that lets the compiler use the back end's instructions
//   NAME(x)  x with the back end's suffix
//   WIDTH    outputs in a panel
//   STORED   the type of a quantised activation
#include "i8.h"
#include "vector.h"

static TARGET i8_range NAME(range)(const float *x, size_t count) {
    // Bit patterns compare as integers like the floats themselves once the low 31 bits of negative floats are inverted.
    int32_t least = 0, most = 0;
    for (size_t i = 0; i < count; i++) {
        int32_t bits;
        memcpy(&bits, x + i, sizeof bits);
        bits ^= bits >> 31 & 0x7fffffff;
        least = bits < least ? bits : least;
        most = bits > most ? bits : most;
    }
    least ^= least >> 31 & 0x7fffffff;
    i8_range range;
    memcpy(&range.least, &least, sizeof least);
    memcpy(&range.most, &most, sizeof most);
    return range;
}

static TARGET void NAME(quantise)(const float *restrict x, size_t count, float factor, int32_t zero,
                                  void *restrict out) {
#pragma clang fp contract(off)  // so that every back end rounds alike
    STORED *restrict to = out;
    for (size_t i = 0; i < count; i++) {
        // Adding 1.5·2²³ rounds to the nearest integer, which then lies in the low bits.
        const float rounded = x[i] * factor + 12582912.0f;
        int32_t bits;
        memcpy(&bits, &rounded, sizeof bits);
        to[i] = (STORED)(bits - 0x4b400000 + zero);
    }
}

static TARGET int32_t NAME(quantise_weights)(const float *restrict x, size_t count, float factor,
                                             int8_t *restrict out) {
#pragma clang fp contract(off)
    int32_t sum = 0;
    for (size_t i = 0; i < count; i++) {
        const float rounded = x[i] * factor + 12582912.0f;
        int32_t bits;
        memcpy(&bits, &rounded, sizeof bits);
        out[i] = (int8_t)(bits - 0x4b400000);
        sum += bits - 0x4b400000;
    }
    return sum;
}

static inline __attribute__((always_inline)) TARGET void NAME(finish_some)(
    const int32_t *restrict sums, const int32_t *restrict totals, const float *restrict scales, i8_scale row,
    const float *restrict bias, float *restrict y, size_t count, int then_gelu) {
    for (size_t i = 0; i < count; i++) {
        const float value = (float)(sums[i] - row.zero * totals[i]) * (scales[i] * row.scale) + bias[i];
        y[i] = then_gelu ? gelu(value) : value;
    }
}

static TARGET void NAME(finish)(const int32_t *restrict sums, const int32_t *restrict totals,
                                const float *restrict scales, i8_scale row, const float *restrict bias,
                                float *restrict y, size_t count, int then_gelu) {
    // A compile-time count becomes straight-line vector code.
    if (count == WIDTH && then_gelu) {
        NAME(finish_some)(sums, totals, scales, row, bias, y, WIDTH, 1);
    } else if (count == WIDTH) {
        NAME(finish_some)(sums, totals, scales, row, bias, y, WIDTH, 0);
    } else {
        NAME(finish_some)(sums, totals, scales, row, bias, y, count, then_gelu);
    }
}
