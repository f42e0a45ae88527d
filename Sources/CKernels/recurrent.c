#include "CKernels.h"
#include "vector.h"

CLONES void ck_matvec_add(const float *restrict a, const float *restrict x, float *restrict y, size_t rows,
                          size_t columns) {
#pragma clang fp reassociate(on)
    size_t row = 0;
    // Four rows at once share each load of x.
    for (; row + 4 <= rows; row += 4) {
        const float *a0 = a + row * columns, *a1 = a0 + columns, *a2 = a1 + columns, *a3 = a2 + columns;
        float s0 = 0, s1 = 0, s2 = 0, s3 = 0;
        for (size_t i = 0; i < columns; i++) {
            s0 += a0[i] * x[i];
            s1 += a1[i] * x[i];
            s2 += a2[i] * x[i];
            s3 += a3[i] * x[i];
        }
        y[row] += s0;
        y[row + 1] += s1;
        y[row + 2] += s2;
        y[row + 3] += s3;
    }
    for (; row < rows; row++) {
        float sum = 0;
        for (size_t i = 0; i < columns; i++) {
            sum += a[row * columns + i] * x[i];
        }
        y[row] += sum;
    }
}

CLONES void ck_lstm_cell(const float *restrict gates, float *restrict cell, float *restrict h, size_t hidden) {
    const float *restrict input = gates;
    const float *restrict forget = gates + hidden;
    const float *restrict candidate = gates + 2 * hidden;
    const float *restrict output = gates + 3 * hidden;
    for (size_t i = 0; i < hidden; i++) {
        const float c = sigmoid(forget[i]) * cell[i] + sigmoid(input[i]) * hyperbolic_tangent(candidate[i]);
        cell[i] = c;
        h[i] = sigmoid(output[i]) * hyperbolic_tangent(c);
    }
}
