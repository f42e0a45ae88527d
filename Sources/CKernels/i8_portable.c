#define TARGET
#define NAME(x) x##_portable
#define WIDTH 8
#define STORED int16_t
#include "i8_common.h"

static void tile_portable(size_t rows, const int8_t *panel, const void *x, size_t x_stride, size_t depth,
                          int32_t *sums, const int8_t *ahead, size_t ahead_step) {
    (void)ahead;
    (void)ahead_step;
    for (size_t r = 0; r < rows; r++) {
        const int16_t *a = (const int16_t *)x + r * x_stride;
        int32_t sum[8] = {0};
        for (size_t k = 0; k < depth; k += 2) {
            for (size_t i = 0; i < 8; i++) {
                sum[i] += a[k] * panel[8 * k + 2 * i] + a[k + 1] * panel[8 * k + 2 * i + 1];
            }
        }
        memcpy(sums + 8 * r, sum, sizeof sum);
    }
}

const i8_kernels i8_portable = {
    WIDTH, 4, 2, 2, 0, tile_portable, quantise_portable, quantise_weights_portable, range_portable, finish_portable};
