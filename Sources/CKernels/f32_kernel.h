// The fp32 micro-kernel, for any width of vector. Included once for each level with
//   TARGET    the attribute that lets the compiler use the level's instructions
//   LANES_F32 numbers in a vector
//   MOST_ROWS rows that fit the registers beside two vectors of weights
//   NAME(x)   what the level calls x
// A panel is 2·LANES_F32 outputs wide: [depth][2·LANES_F32].
#include "f32.h"
#include "vector.h"

typedef float NAME(vector) __attribute__((vector_size(LANES_F32 * 4), aligned(4)));

// y [ROWS, 2 vectors] ← (first ? start : y) + x·panel, all sums in registers.
#define TILE static inline __attribute__((always_inline)) TARGET

TILE void NAME(tile)(const int ROWS, const int VECTORS, const float *restrict panel, const float *restrict x,
                     size_t x_stride, size_t depth, float *restrict y, size_t y_stride, const float *start) {
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

#define CASE(ROWS)                                                                                                \
    case ROWS:                                                                                                        \
        if (vectors == 1) {                                                                                           \
            NAME(tile)(ROWS <= MOST_ROWS ? ROWS : 1, 1, panel, x, x_stride, depth, y, y_stride, start);               \
        } else {                                                                                                      \
            NAME(tile)(ROWS <= MOST_ROWS ? ROWS : 1, 2, panel, x, x_stride, depth, y, y_stride, start);               \
        }                                                                                                             \
        break;

static TARGET void NAME(f32_tile)(size_t rows, size_t vectors, const float *restrict panel, const float *restrict x,
                                  size_t x_stride, size_t depth, float *restrict y, size_t y_stride,
                                  const float *start) {
    switch (rows) {
        CASE(1) CASE(2) CASE(3) CASE(4) CASE(5) CASE(6) CASE(7) CASE(8) CASE(9) CASE(10) CASE(11) CASE(12) CASE(13)
        CASE(14)
    }
}

static TARGET void NAME(gelu)(float *x, size_t count) {
    for (size_t i = 0; i < count; i++) {
        x[i] = 0.5f * x[i] * (1.0f + error_function(x[i] * 0.707106781f));
    }
}

const f32_kernels NAME(f32) = {LANES_F32, MOST_ROWS, NAME(f32_tile), NAME(gelu)};
