// The fp32 kernels of one back end, called by f32.c.
#pragma once

#include <stddef.h>

typedef struct {
    size_t lanes;  // numbers in a vector; a panel is two vectors wide
    size_t rows;   // maximum rows of a tile
    // y [rows, vectors·lanes] ← (start ? start : y) + x·panel, for 1…`rows` rows and 1 or 2 vectors. Also prefetches
    // memory from `ahead` on, advancing `ahead_step` bytes at each step of the depth.
    void (*tile)(size_t rows, size_t vectors, const float *panel, const float *x, size_t x_stride, size_t depth,
                 float *y, size_t y_stride, const float *start, const float *ahead, size_t ahead_step);
    void (*gelu)(float *x, size_t count);
} f32_kernels;

extern const f32_kernels f32_portable;
extern const f32_kernels f32_avx2;
extern const f32_kernels f32_avx512;
extern const f32_kernels f32_neon;

enum { WIDEST_PANEL = 32, TALLEST_TILE = 14 };
