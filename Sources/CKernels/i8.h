// What a level's int8 kernels offer to the driver in i8.c.
//
// Activations are stored as the level multiplies them: VNNI takes unsigned bytes (the value plus 128), the others signed
// 16-bit numbers, whose products no instruction saturates.
#pragma once

#include <stddef.h>
#include <stdint.h>

typedef struct {
    size_t width;     // outputs in a panel
    size_t rows;      // the most rows that a tile takes
    size_t group;     // depth is packed in groups of so many numbers: [depth / group][width][group]
    size_t element;   // bytes of a quantised activation
    // sums [rows, width] ← x·panel. 1…rows rows, rows of x `x_stride` elements apart, depth a multiple of the group.
    void (*tile)(size_t rows, const int8_t *panel, const void *x, size_t x_stride, size_t depth, int32_t *sums);
    // out[i] ← round(x[i]·factor), as this level stores it.
    void (*quantise)(const float *x, size_t count, float factor, void *out);
    float (*greatest_magnitude)(const float *x, size_t count);
    // y[i] ← (sums[i] − offsets[i])·scales[i]·scale + bias[i]; then GELU if asked.
    void (*finish)(const int32_t *sums, const int32_t *offsets, const float *scales, float scale, const float *bias,
                   float *y, size_t count, int gelu);
} i8_kernels;

extern const i8_kernels i8_portable;
extern const i8_kernels i8_avx2;
extern const i8_kernels i8_vnni;

// The level's kernels; the next lower ones where the processor lacks VNNI.
const i8_kernels *i8_kernels_at(int level);

enum { I8_WIDEST_PANEL = 32, I8_TALLEST_TILE = 14 };
