#include "CKernels.h"
#include "vector.h"

CLONES void ck_gelu(float *x, size_t count) {
    for (size_t i = 0; i < count; i++) {
        x[i] = gelu(x[i]);
    }
}

CLONES void ck_tanh(float *x, size_t count) {
    for (size_t i = 0; i < count; i++) {
        x[i] = hyperbolic_tangent(x[i]);
    }
}

CLONES void ck_add(float *restrict x, const float *restrict y, size_t count) {
    for (size_t i = 0; i < count; i++) {
        x[i] += y[i];
    }
}

INLINE float greatest(const float *x, size_t count) {
    float lane[LANES];
    for (size_t j = 0; j < LANES; j++) {
        lane[j] = x[0];
    }
    size_t i = 0;
    for (; i + LANES <= count; i += LANES) {
        for (size_t j = 0; j < LANES; j++) {
            lane[j] = x[i + j] > lane[j] ? x[i + j] : lane[j];
        }
    }
    float most = lane[0];
    for (size_t j = 1; j < LANES; j++) {
        most = lane[j] > most ? lane[j] : most;
    }
    for (; i < count; i++) {
        most = x[i] > most ? x[i] : most;
    }
    return most;
}

// x[j] ← e^(x[j] − shift) for LANES numbers, each of which is added to its lane of `sums`.
INLINE void exponentials(float *restrict x, float shift, float *restrict sums) {
    for (size_t j = 0; j < LANES; j++) {
        x[j] = exponential(x[j] - shift);
        sums[j] += x[j];
    }
}

CLONES void ck_softmax(float *x, size_t rows, size_t columns) {
#pragma clang fp reassociate(on)
    if (columns == 0) {
        return;
    }
    for (size_t row = 0; row < rows; row++) {
        float *restrict p = x + row * columns;
        const float shift = greatest(p, columns);
        float sums[LANES] = {0}, rest[LANES];
        size_t i = 0;
        for (; i + LANES <= columns; i += LANES) {
            exponentials(p + i, shift, sums);
        }
        // Pads the remainder with −∞, whose saturated exponential is negligible beside the maximum's 1.
        for (size_t j = 0; j < LANES; j++) {
            rest[j] = i + j < columns ? p[i + j] : -INFINITY;
        }
        exponentials(rest, shift, sums);
        memcpy(p + i, rest, (columns - i) * sizeof(float));
        float sum = 0;
        for (size_t j = 0; j < LANES; j++) {
            sum += sums[j];
        }
        const float inverse = 1.0f / sum;
        for (size_t j = 0; j < columns; j++) {
            p[j] *= inverse;
        }
    }
}

CLONES float ck_log10(float *x, size_t count, float least) {
    float greatest = -INFINITY;
    for (size_t i = 0; i < count; i++) {
        x[i] = decimal_logarithm(x[i] > least ? x[i] : least);
        greatest = x[i] > greatest ? x[i] : greatest;
    }
    return greatest;
}

CLONES void ck_clamp_scale(float *x, size_t count, float least, float scale, float shift) {
    for (size_t i = 0; i < count; i++) {
        x[i] = (x[i] > least ? x[i] : least) * scale + shift;
    }
}

CLONES void ck_from_half(const void *restrict source, float *restrict x, size_t count) {
    const unsigned char *restrict bytes = source;
    for (size_t i = 0; i < count; i++) {
        const uint32_t half = (uint32_t)bytes[2 * i] | (uint32_t)bytes[2 * i + 1] << 8;
        // Shifting exponent and fraction into place leaves the exponent 112 too small. Multiplying by 2^112 corrects
        // that, and turns subnormal binary16 numbers into normal floats.
        uint32_t bits = (half & 0x7fff) << 13;
        float scaled;
        memcpy(&scaled, &bits, sizeof scaled);
        scaled *= 0x1p112f;
        memcpy(&bits, &scaled, sizeof bits);
        bits |= ((half & 0x7fff) >= 0x7c00 ? 0x7f800000 : 0) | (half & 0x8000) << 16;  // infinity and NaN; the sign
        memcpy(x + i, &bits, sizeof bits);
    }
}
