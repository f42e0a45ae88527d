// The parts of the int8 kernels that the compiler vectorises by itself. Included once for each level with
//   TARGET   the attribute that lets the compiler use the level's instructions
//   NAME(x)  what the level calls x
//   STORED   the type of a quantised activation, and OFFSET what is added to it
#include "i8.h"
#include "vector.h"

static TARGET float NAME(greatest_magnitude)(const float *x, size_t count) {
    // Magnitudes order as their bits do.
    uint32_t most = 0;
    for (size_t i = 0; i < count; i++) {
        uint32_t bits;
        memcpy(&bits, x + i, sizeof bits);
        bits &= 0x7fffffffu;
        most = bits > most ? bits : most;
    }
    float magnitude;
    memcpy(&magnitude, &most, sizeof magnitude);
    return magnitude;
}

static TARGET void NAME(quantise)(const float *restrict x, size_t count, float factor, void *restrict out) {
#pragma clang fp contract(off)  // so that every level rounds alike
    STORED *restrict to = out;
    for (size_t i = 0; i < count; i++) {
        // Adding 1.5·2²³ rounds to the nearest integer, which then lies in the low bits.
        const float rounded = x[i] * factor + 12582912.0f;
        int32_t bits;
        memcpy(&bits, &rounded, sizeof bits);
        to[i] = (STORED)(bits - 0x4b400000 + OFFSET);
    }
}

static TARGET void NAME(finish)(const int32_t *restrict sums, const int32_t *restrict offsets,
                                const float *restrict scales, float scale, const float *restrict bias,
                                float *restrict y, size_t count, int gelu) {
    for (size_t i = 0; i < count; i++) {
        y[i] = (float)(sums[i] - offsets[i]) * (scales[i] * scale) + bias[i];
    }
    for (size_t i = 0; gelu && i < count; i++) {
        y[i] = 0.5f * y[i] * (1.0f + error_function(y[i] * 0.707106781f));
    }
}
