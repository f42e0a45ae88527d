#include <stdint.h>

#include "f32.h"
#include "i8.h"
#include "products.h"

// A tile of this depth and its panel fit a first-level cache of 32 KiB.
enum { DEPTH = 128 };

static void multiply_f32_tile(void *context) {
    const f32_kernels *kernels = context;
    static const float zeros[WIDEST_PANEL * DEPTH];
    float y[TALLEST_TILE * WIDEST_PANEL];
    kernels->tile(kernels->rows, 2, zeros, zeros, DEPTH, DEPTH, y, 2 * kernels->lanes, zeros, zeros, 0);
}

double f32_peak(const products *self) {
    const f32_kernels *kernels = self->kernels;
    return best_rate(kernels->rows * 2 * kernels->lanes * DEPTH, multiply_f32_tile, (void *)kernels);
}

static void multiply_i8_tile(void *context) {
    const i8_kernels *kernels = context;
    static const int8_t panel[I8_WIDEST_PANEL * DEPTH];
    static const int16_t x[I8_TALLEST_TILE * DEPTH];
    int32_t sums[I8_TALLEST_TILE * I8_WIDEST_PANEL];
    kernels->tile(kernels->rows, panel, x, DEPTH, DEPTH, sums, panel, 0);
}

double i8_peak(const products *self) {
    const i8_kernels *kernels = self->kernels;
    return best_rate(kernels->rows * kernels->width * DEPTH, multiply_i8_tile, (void *)kernels);
}
