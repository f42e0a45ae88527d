/// Matrix products with packed weights, fp32 and int8: y = x·Wᵀ + b, optionally followed by the exact GELU.
///
/// x is row-major with any row stride, even one shorter than a row: the windows of a 1-D convolution are such
/// overlapping rows. Shapes and strides are in numbers, not bytes. All numbers must be finite.
#pragma once

#include <stddef.h>

#include "level.h"
#include "thread_pool.h"

#ifdef __cplusplus
extern "C" {
#endif

/// Function applied to each result before it is written.
typedef enum { CK_LINEAR = 0, CK_GELU = 1 } ck_activation;

/// Weights [outputs, depth] packed in the order in which the kernels of one level read them; immutable.
typedef struct ck_f32_weights ck_f32_weights;

/// Packs copies of w [outputs, depth], rows `stride` apart, and bias [outputs] (or NULL for zeros).
/// outputs and depth are at least 1. Returns NULL only if memory is exhausted.
ck_f32_weights *ck_f32_pack(ck_level level, const float *w, size_t stride, size_t outputs, size_t depth,
                            const float *bias);
void ck_f32_free(ck_f32_weights *weights);
size_t ck_f32_bytes(const ck_f32_weights *weights);

/// y [rows, outputs] ← activation(x [rows, depth] · Wᵀ + b), rows `x_stride` and `y_stride` apart.
void ck_f32_multiply(const ck_f32_weights *weights, const float *x, size_t x_stride, size_t rows, float *y,
                     size_t y_stride, ck_activation activation, ck_pool *pool);

/// Outputs in a panel, whose weights are packed together.
size_t ck_f32_panel(const ck_f32_weights *weights);

/// y[i] ← y[i] + (W·x)[i] for outputs i in first..<(first + count), without bias: a step of a recurrence. `first` is a
/// multiple of the panel; so is `count`, unless the last output is included. `backwards` reverses the order of the
/// panels: where the weights exceed a cache, those read last in one step are still cached at the start of the next.
void ck_f32_add_row(const ck_f32_weights *weights, const float *x, float *y, size_t first, size_t count, int backwards);

/// y [rows, outputs] ← scale · x [rows, depth] · Wᵀ for a W that is used once, such as activations. Element (output, k)
/// of W is at w[output·output_stride + k·depth_stride]. W is packed into the pool's scratch memory.
void ck_f32_product(ck_level level, const float *x, size_t x_stride, size_t rows, size_t depth, const float *w,
                    size_t output_stride, size_t depth_stride, size_t outputs, float scale, float *y, size_t y_stride,
                    ck_pool *pool);

/// Weights quantised symmetrically to 8 bits, with a quantisation scale for each output; immutable.
///
/// Every level computes the same sums: products of 8-bit numbers are accumulated in 32 bits without saturation.
typedef struct ck_i8_weights ck_i8_weights;

/// Quantises and packs weights; parameters and result as for `ck_f32_pack`. depth is at most 65536.
ck_i8_weights *ck_i8_pack(ck_level level, const float *w, size_t stride, size_t outputs, size_t depth,
                          const float *bias);
void ck_i8_free(ck_i8_weights *weights);
size_t ck_i8_bytes(const ck_i8_weights *weights);

/// As `ck_f32_multiply`. Each row of x is quantised to 254 steps between its own minimum and maximum, 0 included.
void ck_i8_multiply(const ck_i8_weights *weights, const float *x, size_t x_stride, size_t rows, float *y,
                    size_t y_stride, ck_activation activation, ck_pool *pool);

/// As `ck_f32_panel`.
size_t ck_i8_panel(const ck_i8_weights *weights);

/// As `ck_f32_add_row`; x is quantised like a row of `ck_i8_multiply`, into the pool's scratch memory.
void ck_i8_add_row(const ck_i8_weights *weights, const float *x, float *y, size_t first, size_t count, int backwards,
                   ck_pool *pool);

/// As `ck_i8_multiply`, for overlapping rows: the (rows − 1)·x_stride + depth numbers from x on are quantised once,
/// with one scale, rather than once for each row that contains them.
void ck_i8_multiply_overlapping(const ck_i8_weights *weights, const float *x, size_t x_stride, size_t rows, float *y,
                                size_t y_stride, ck_activation activation, ck_pool *pool);

/// Peak multiply-accumulates per second of this thread, measured on a tile that lies in the first-level cache: the best
/// of several short trials, some 20 ms in all.
double ck_f32_peak(ck_level level);
double ck_i8_peak(ck_level level);

#ifdef __cplusplus
}
#endif
