#include "CKernels.h"
#include "vector.h"

CLONES void ck_gelu(float *x, size_t count) {
    for (size_t i = 0; i < count; i++) {
        x[i] = 0.5f * x[i] * (1.0f + error_function(x[i] * 0.707106781f));
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

CLONES void ck_softmax(float *x, size_t rows, size_t columns) {
#pragma clang fp reassociate(on)
    if (columns == 0) {
        return;
    }
    for (size_t row = 0; row < rows; row++) {
        float *restrict p = x + row * columns;
        const float shift = greatest(p, columns);
        float sum = 0;
        for (size_t i = 0; i < columns; i++) {
            const float e = exponential(p[i] - shift);
            p[i] = e;
            sum += e;
        }
        const float inverse = 1.0f / sum;
        for (size_t i = 0; i < columns; i++) {
            p[i] *= inverse;
        }
    }
}
