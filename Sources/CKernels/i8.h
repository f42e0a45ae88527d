// What a level's int8 kernels offer to the driver in i8.c.
//
// An activation x is round(x·factor) plus the row's zero, 0…255, which VNNI multiplies as it is; the other levels store signed
// 16-bit numbers without the zero, whose products no instruction saturates.
#pragma once

#include <stddef.h>
#include <stdint.h>

// The numbers of a row, and 0, lie between these.
typedef struct {
    float least, most;
} i8_range;

// What one step of a quantised row is worth, and what was added to each of its numbers.
typedef struct {
    float scale;
    int32_t zero;
} i8_scale;

typedef struct {
    size_t width;     // outputs in a panel
    size_t rows;      // the most rows that a tile takes
    size_t group;     // depth is packed in groups of so many numbers: [depth / group][width][group]
    size_t element;   // bytes of a quantised activation
    // sums [rows, width] ← x·panel. 1…rows rows, rows of x `x_stride` elements apart, depth a multiple of the group. Meanwhile
    // fetches into the caches what lies from `ahead` on, `ahead_step` bytes for each group.
    void (*tile)(size_t rows, const int8_t *panel, const void *x, size_t x_stride, size_t depth, int32_t *sums,
                 const int8_t *ahead, size_t ahead_step);
    // out[i] ← round(x[i]·factor) + zero, as this level stores it.
    void (*quantise)(const float *x, size_t count, float factor, int32_t zero, void *out);
    // The same for weights: out[i] ← round(x[i]·factor), in −127…127. Gives their sum.
    int32_t (*quantise_weights)(const float *x, size_t count, float factor, int8_t *out);
    i8_range (*range)(const float *x, size_t count);
    // y[i] ← (sums[i] − zero·totals[i])·scales[i]·scale + bias[i]; then GELU if asked.
    void (*finish)(const int32_t *sums, const int32_t *totals, const float *scales, i8_scale row, const float *bias,
                   float *y, size_t count, int gelu);
} i8_kernels;

extern const i8_kernels i8_portable;
extern const i8_kernels i8_avx2;
extern const i8_kernels i8_avxvnni;
extern const i8_kernels i8_vnni;

// The level's kernels; the next lower ones where the processor lacks VNNI.
const i8_kernels *i8_kernels_at(int level);

enum { I8_WIDEST_PANEL = 32, I8_TALLEST_TILE = 14 };
