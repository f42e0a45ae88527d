#include "CKernels.h"
#include "vector.h"

CLONES void ck_lstm_cell(const float *restrict gates, size_t stride, float *restrict cell, float *restrict h,
                         size_t count) {
    const float *restrict input = gates;
    const float *restrict forget = gates + stride;
    const float *restrict candidate = gates + 2 * stride;
    const float *restrict output = gates + 3 * stride;
    for (size_t i = 0; i < count; i++) {
        const float c = sigmoid(forget[i]) * cell[i] + sigmoid(input[i]) * hyperbolic_tangent(candidate[i]);
        cell[i] = c;
        h[i] = sigmoid(output[i]) * hyperbolic_tangent(c);
    }
}
