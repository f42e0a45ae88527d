#include "CKernels.h"
#include "vector.h"

// Normalises one row y [columns] in place.
INLINE void normalise_row(float *restrict y, size_t columns, const float *restrict gain, const float *restrict bias,
                          float epsilon) {
#pragma clang fp reassociate(on)
    float sum = 0;
    for (size_t i = 0; i < columns; i++) {
        sum += y[i];
    }
    const float mean = sum / (float)columns;
    float squares = 0;
    for (size_t i = 0; i < columns; i++) {
        const float d = y[i] - mean;
        squares += d * d;
    }
    const float inverse = 1.0f / sqrtf(squares / (float)columns + epsilon);
    for (size_t i = 0; i < columns; i++) {
        y[i] = (y[i] - mean) * inverse * gain[i] + bias[i];
    }
}

CLONES void ck_layer_norm(const float *x, float *y, size_t rows, size_t columns, const float *gain, const float *bias,
                          float epsilon) {
    for (size_t row = 0; row < rows; row++) {
        if (x != y) {
            memcpy(y + row * columns, x + row * columns, columns * sizeof(float));
        }
        normalise_row(y + row * columns, columns, gain, bias, epsilon);
    }
}

CLONES void ck_add_layer_norm(float *restrict x, const float *restrict r, size_t rows, size_t columns,
                              const float *gain, const float *bias, float epsilon) {
    for (size_t row = 0; row < rows; row++) {
        const size_t at = row * columns;
        for (size_t i = 0; i < columns; i++) {
            x[at + i] += r[at + i];
        }
        normalise_row(x + at, columns, gain, bias, epsilon);
    }
}

CLONES void ck_column_norm(float *restrict x, size_t rows, size_t columns, const float *restrict gain,
                           const float *restrict bias, float epsilon, double *restrict scratch) {
    double *restrict mean = scratch;
    double *restrict squares = scratch + columns;
    memset(scratch, 0, 2 * columns * sizeof(double));
    for (size_t row = 0; row < rows; row++) {
        for (size_t i = 0; i < columns; i++) {
            mean[i] += x[row * columns + i];
        }
    }
    for (size_t i = 0; i < columns; i++) {
        mean[i] /= (double)rows;
    }
    for (size_t row = 0; row < rows; row++) {
        for (size_t i = 0; i < columns; i++) {
            const double d = x[row * columns + i] - mean[i];
            squares[i] += d * d;
        }
    }
    // From here `squares` holds the scale and `mean` the offset.
    for (size_t i = 0; i < columns; i++) {
        const double scale = gain[i] / sqrt(squares[i] / (double)rows + (double)epsilon);
        squares[i] = scale;
        mean[i] = bias[i] - mean[i] * scale;
    }
    for (size_t row = 0; row < rows; row++) {
        for (size_t i = 0; i < columns; i++) {
            x[row * columns + i] = (float)(x[row * columns + i] * squares[i] + mean[i]);
        }
    }
}

CLONES void ck_column_mean(const float *restrict x, size_t rows, size_t columns, float *restrict mean,
                           double *restrict scratch) {
    memset(scratch, 0, columns * sizeof(double));
    for (size_t row = 0; row < rows; row++) {
        for (size_t i = 0; i < columns; i++) {
            scratch[i] += x[row * columns + i];
        }
    }
    for (size_t i = 0; i < columns; i++) {
        mean[i] = (float)(scratch[i] / (double)rows);
    }
}

CLONES void ck_normalize_rows(float *x, size_t rows, size_t columns) {
#pragma clang fp reassociate(on)
    for (size_t row = 0; row < rows; row++) {
        float *restrict p = x + row * columns;
        float squares = 0;
        for (size_t i = 0; i < columns; i++) {
            squares += p[i] * p[i];
        }
        const float length = sqrtf(squares);
        const float inverse = 1.0f / (length > 1e-12f ? length : 1e-12f);
        for (size_t i = 0; i < columns; i++) {
            p[i] *= inverse;
        }
    }
}

CLONES void ck_moments(const float *x, size_t count, double *mean, double *variance) {
#pragma clang fp reassociate(on)
    double sum = 0;
    for (size_t i = 0; i < count; i++) {
        sum += x[i];
    }
    const double m = count == 0 ? 0 : sum / (double)count;
    double squares = 0;
    for (size_t i = 0; i < count; i++) {
        squares += (x[i] - m) * (x[i] - m);
    }
    *mean = m;
    *variance = count == 0 ? 0 : squares / (double)count;
}
