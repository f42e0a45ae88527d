// The int8 kernels of one back end, called by i8.c.
//
// An activation x is quantised to round(x·factor) + zero point. Those with VNNI store it as an unsigned byte, 0…255, and
// those with sdot as a signed one, −128…127. The others store a signed 16-bit number with zero point 0, so that no product
// saturates.
#pragma once

#include <stddef.h>
#include <stdint.h>

// The minimum and maximum of a row's numbers and 0.
typedef struct {
    float least, most;
} i8_range;

// The quantisation scale of a row (the value of one step) and its zero point.
typedef struct {
    float scale;
    int32_t zero;
} i8_scale;

typedef struct {
    size_t width;     // outputs in a panel
    size_t rows;      // maximum rows of a tile
    size_t group;     // consecutive numbers of the depth packed together: [depth / group][width][group]
    size_t element;   // bytes of a quantised activation
    int32_t least;    // the least quantised activation, where it is a byte
    // sums [rows, width] ← x·panel, for 1…`rows` rows of x that are `x_stride` elements apart; depth is a multiple of
    // the group. Also prefetches memory from `ahead` on, advancing `ahead_step` bytes at each group.
    void (*tile)(size_t rows, const int8_t *panel, const void *x, size_t x_stride, size_t depth, int32_t *sums,
                 const int8_t *ahead, size_t ahead_step);
    // out[i] ← round(x[i]·factor) + zero, in these kernels' element type.
    void (*quantise)(const float *x, size_t count, float factor, int32_t zero, void *out);
    // out[i] ← round(x[i]·factor) for weights, in −127…127. Returns the sum of out.
    int32_t (*quantise_weights)(const float *x, size_t count, float factor, int8_t *out);
    i8_range (*range)(const float *x, size_t count);
    // y[i] ← (sums[i] − zero·totals[i])·scales[i]·scale + bias[i], then GELU if `gelu` is not 0.
    void (*finish)(const int32_t *sums, const int32_t *totals, const float *scales, i8_scale row, const float *bias,
                   float *y, size_t count, int gelu);
} i8_kernels;

extern const i8_kernels i8_portable;
extern const i8_kernels i8_avx2;
extern const i8_kernels i8_avxvnni;
extern const i8_kernels i8_vnni;
extern const i8_kernels i8_dotprod;

enum { I8_WIDEST_PANEL = 32, I8_TALLEST_TILE = 14 };
