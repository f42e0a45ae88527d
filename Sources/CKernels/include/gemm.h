/// Matrix products with packed weights, fp32 and int8: y = x·Wᵀ + b, with the exact GELU after it where asked.
///
/// x is row-major with any distance between its rows, even less than a row is long: the windows of a 1-D convolution
/// are such rows, overlapping in place. Shapes are in numbers, not bytes. All numbers must be finite.
#pragma once

#include <stddef.h>

#include "level.h"
#include "thread_pool.h"

#ifdef __cplusplus
extern "C" {
#endif

/// What is done to each number of the result before it is written.
typedef enum { CK_LINEAR = 0, CK_GELU = 1 } ck_activation;

/// Weights [outputs, depth] in the order in which the kernels of one level read them; immutable.
typedef struct ck_f32_weights ck_f32_weights;

/// Packs w [outputs, depth], rows `stride` apart, and bias [outputs] (or NULL for zeros), both copied.
/// outputs and depth are at least 1. NULL only if memory is out.
ck_f32_weights *ck_f32_pack(ck_level level, const float *w, size_t stride, size_t outputs, size_t depth,
                            const float *bias);
void ck_f32_free(ck_f32_weights *weights);
size_t ck_f32_bytes(const ck_f32_weights *weights);

/// y [rows, outputs] ← activation(x [rows, depth] · Wᵀ + b), rows `x_stride` and `y_stride` apart.
void ck_f32_multiply(const ck_f32_weights *weights, const float *x, size_t x_stride, size_t rows, float *y,
                     size_t y_stride, ck_activation activation, ck_pool *pool);

/// Outputs in a panel: the weights of so many lie together.
size_t ck_f32_panel(const ck_f32_weights *weights);

/// y[i] ← y[i] + (W·x)[i] for the outputs i from `first` on, `count` of them: a step of a recurrence, without bias. `first` is
/// a multiple of the panel; so is `count`, or it reaches the last output. With `backwards` the last outputs come first: where
/// the weights do not fit a cache, what was read last in one step is still there at the start of the next.
void ck_f32_add_row(const ck_f32_weights *weights, const float *x, float *y, size_t first, size_t count, int backwards);

/// y [rows, outputs] ← scale · x [rows, depth] · Wᵀ for a W that is no weight and used once: number (output, k) of it lies
/// at output·output_stride + k·depth_stride. It is packed into the pool's scratch memory.
void ck_f32_product(ck_level level, const float *x, size_t x_stride, size_t rows, size_t depth, const float *w,
                    size_t output_stride, size_t depth_stride, size_t outputs, float scale, float *y, size_t y_stride,
                    ck_pool *pool);

/// Weights quantised to 8 bits, symmetric, with a scale for each output; immutable.
///
/// Every level gives the same sums: products of 8-bit numbers are added without saturation, in 32 bits.
typedef struct ck_i8_weights ck_i8_weights;

/// Quantises and packs as `ck_f32_pack` packs. depth is at most 65536.
ck_i8_weights *ck_i8_pack(ck_level level, const float *w, size_t stride, size_t outputs, size_t depth,
                          const float *bias);
void ck_i8_free(ck_i8_weights *weights);
size_t ck_i8_bytes(const ck_i8_weights *weights);

/// As `ck_f32_multiply`. Each row of x is quantised to 254 steps between its own least and greatest number, and 0.
void ck_i8_multiply(const ck_i8_weights *weights, const float *x, size_t x_stride, size_t rows, float *y,
                    size_t y_stride, ck_activation activation, ck_pool *pool);

/// As `ck_f32_panel`.
size_t ck_i8_panel(const ck_i8_weights *weights);

/// As `ck_f32_add_row`; x is quantised as a row of `ck_i8_multiply` is, into the pool's scratch memory.
void ck_i8_add_row(const ck_i8_weights *weights, const float *x, float *y, size_t first, size_t count, int backwards,
                   ck_pool *pool);

/// As `ck_i8_multiply` for rows that overlap so much that each is not worth quantising by itself: the
/// (rows − 1)·x_stride + depth numbers from x on are quantised together.
void ck_i8_multiply_overlapping(const ck_i8_weights *weights, const float *x, size_t x_stride, size_t rows, float *y,
                                size_t y_stride, ck_activation activation, ck_pool *pool);

/// Multiply-accumulates a second of this thread with a tile that lies in the nearest cache: what the processor can do.
/// The best of several short trials, some 20 ms in all.
double ck_f32_peak(ck_level level);
double ck_i8_peak(ck_level level);

#ifdef __cplusplus
}
#endif
