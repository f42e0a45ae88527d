// The fp32 micro-kernel, for any width of vector. Included once for each back end with
//   TARGET    the attribute that lets the compiler use the back end's instructions
//   LANES_F32 numbers in a vector
//   MOST_ROWS rows that fit the registers beside two vectors of weights
//   NAME(x)   x with the back end's suffix
// A panel is 2·LANES_F32 outputs wide: [depth][2·LANES_F32].
#include "f32.h"
#include "vector.h"

typedef float NAME(vector) __attribute__((vector_size(LANES_F32 * 4), aligned(4)));

#define TILE static inline __attribute__((always_inline)) TARGET

// y [ROWS, VECTORS·LANES_F32] ← (start ? start : y) + x·panel, with all sums in registers.
TILE void NAME(tile)(const int ROWS, const int VECTORS, const float *restrict panel, const float *restrict x,
                     size_t x_stride, size_t depth, float *restrict y, size_t y_stride, const float *start,
                     const float *ahead, size_t ahead_step) {
    NAME(vector) sum[MOST_ROWS][2];
#pragma clang loop unroll(full)
    for (int r = 0; r < ROWS; r++) {
#pragma clang loop unroll(full)
        for (int v = 0; v < VECTORS; v++) {
            const float *from = start != NULL ? start : y + r * y_stride;
            sum[r][v] = *(const NAME(vector) *)(from + v * LANES_F32);
        }
    }
    for (size_t k = 0; k < depth; k++) {
        NAME(vector) w[2];
        __builtin_prefetch((const char *)ahead + k * ahead_step, 0, 2);
#pragma clang loop unroll(full)
        for (int v = 0; v < VECTORS; v++) {
            w[v] = *(const NAME(vector) *)(panel + k * (2 * LANES_F32) + v * LANES_F32);
        }
#pragma clang loop unroll(full)
        for (int r = 0; r < ROWS; r++) {
            const float a = x[r * x_stride + k];
#pragma clang loop unroll(full)
            for (int v = 0; v < VECTORS; v++) {
                sum[r][v] += a * w[v];
            }
        }
    }
#pragma clang loop unroll(full)
    for (int r = 0; r < ROWS; r++) {
#pragma clang loop unroll(full)
        for (int v = 0; v < VECTORS; v++) {
            *(NAME(vector) *)(y + r * y_stride + v * LANES_F32) = sum[r][v];
        }
    }
}

// A tile of one row. Four independent sums for each vector hide the latency of the additions. Nothing is prefetched,
// since memory bandwidth limits it already.
TILE void NAME(row)(const int VECTORS, const float *restrict panel, const float *restrict x, size_t depth,
                    float *restrict y, const float *start) {
    NAME(vector) sum[4][2];
#pragma clang loop unroll(full)
    for (int v = 0; v < VECTORS; v++) {
        sum[0][v] = *(const NAME(vector) *)((start != NULL ? start : y) + v * LANES_F32);
        sum[1][v] = sum[2][v] = sum[3][v] = (NAME(vector)){0};
    }
    size_t k = 0;
    for (; k + 4 <= depth; k += 4) {
#pragma clang loop unroll(full)
        for (int chain = 0; chain < 4; chain++) {
#pragma clang loop unroll(full)
            for (int v = 0; v < VECTORS; v++) {
                sum[chain][v] += x[k + chain] *
                                 *(const NAME(vector) *)(panel + (k + chain) * (2 * LANES_F32) + v * LANES_F32);
            }
        }
    }
    for (; k < depth; k++) {
#pragma clang loop unroll(full)
        for (int v = 0; v < VECTORS; v++) {
            sum[0][v] += x[k] * *(const NAME(vector) *)(panel + k * (2 * LANES_F32) + v * LANES_F32);
        }
    }
#pragma clang loop unroll(full)
    for (int v = 0; v < VECTORS; v++) {
        *(NAME(vector) *)(y + v * LANES_F32) = (sum[0][v] + sum[1][v]) + (sum[2][v] + sum[3][v]);
    }
}

#define CASE(ROWS)                                                                                                \
    case ROWS:                                                                                                        \
        if (vectors == 1) {                                                                                           \
            NAME(tile)(ROWS <= MOST_ROWS ? ROWS : 1, 1, panel, x, x_stride, depth, y, y_stride, start, ahead,         \
                       ahead_step);                                                                                   \
        } else {                                                                                                      \
            NAME(tile)(ROWS <= MOST_ROWS ? ROWS : 1, 2, panel, x, x_stride, depth, y, y_stride, start, ahead,         \
                       ahead_step);                                                                                   \
        }                                                                                                             \
        break;

static TARGET void NAME(f32_tile)(size_t rows, size_t vectors, const float *restrict panel, const float *restrict x,
                                  size_t x_stride, size_t depth, float *restrict y, size_t y_stride,
                                  const float *start, const float *ahead, size_t ahead_step) {
    switch (rows) {
    case 1:
        if (vectors == 1) {
            NAME(row)(1, panel, x, depth, y, start);
        } else {
            NAME(row)(2, panel, x, depth, y, start);
        }
        break;
        CASE(2) CASE(3) CASE(4) CASE(5) CASE(6) CASE(7) CASE(8) CASE(9) CASE(10) CASE(11) CASE(12) CASE(13)
        CASE(14)
    }
}

TILE void NAME(gelu_some)(float *x, size_t count) {
    for (size_t i = 0; i < count; i++) {
        x[i] = gelu(x[i]);
    }
}

static TARGET void NAME(gelu)(float *x, size_t count) {
    // A compile-time count becomes straight-line vector code.
    if (count == 2 * LANES_F32) {
        NAME(gelu_some)(x, 2 * LANES_F32);
    } else {
        NAME(gelu_some)(x, count);
    }
}

const f32_kernels NAME(f32) = {LANES_F32, MOST_ROWS, NAME(f32_tile), NAME(gelu)};
