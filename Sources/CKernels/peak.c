#include <stdint.h>
#include <string.h>
#include <time.h>

#include "f32.h"
#include "gemm.h"
#include "i8.h"

// A tile of this depth and its panel fit a first-level cache of 32 KiB.
enum { DEPTH = 128, TRIALS = 20 };

static double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + 1e-9 * (double)time.tv_nsec;
}

double ck_f32_peak(ck_level level) {
    const f32_kernels *kernels = f32_kernels_at(level);
    static const float zeros[WIDEST_PANEL * DEPTH];
    float y[TALLEST_TILE * WIDEST_PANEL];
    const size_t panel_width = 2 * kernels->lanes, macs = kernels->rows * panel_width * DEPTH;
    const size_t iterations = 50000000 / macs / TRIALS + 1;
    double best = 0;
    for (int trial = 0; trial < TRIALS; trial++) {
        const double start = now();
        for (size_t i = 0; i < iterations; i++) {
            kernels->tile(kernels->rows, 2, zeros, zeros, DEPTH, DEPTH, y, panel_width, zeros, zeros, 0);
        }
        const double rate = (double)(macs * iterations) / (now() - start);
        best = rate > best ? rate : best;
    }
    return best;
}

double ck_i8_peak(ck_level level) {
    const i8_kernels *kernels = i8_kernels_at(level);
    static const int8_t panel[I8_WIDEST_PANEL * DEPTH];
    static const int16_t x[I8_TALLEST_TILE * DEPTH];
    int32_t sums[I8_TALLEST_TILE * I8_WIDEST_PANEL];
    const size_t macs = kernels->rows * kernels->width * DEPTH, iterations = 100000000 / macs / TRIALS + 1;
    double best = 0;
    for (int trial = 0; trial < TRIALS; trial++) {
        const double start = now();
        for (size_t i = 0; i < iterations; i++) {
            kernels->tile(kernels->rows, panel, x, DEPTH, DEPTH, sums, panel, 0);
        }
        const double rate = (double)(macs * iterations) / (now() - start);
        best = rate > best ? rate : best;
    }
    return best;
}
