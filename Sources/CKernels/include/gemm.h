/// Matrix products with packed weights, fp32 and int8: y = x·Wᵀ + b, optionally followed by the exact GELU.
///
/// x is row-major with any row stride, even one shorter than a row: the windows of a 1-D convolution are such
/// overlapping rows. Shapes and strides are in numbers, not bytes. All numbers must be finite.
#pragma once

#include <stddef.h>

#include "backend.h"
#include "thread_pool.h"

#ifdef __cplusplus
extern "C" {
#endif

/// Function applied to each result before it is written.
typedef enum { CK_LINEAR = 0, CK_GELU = 1 } ck_activation;

/// Weights [outputs, depth] in the form in which one back end reads them; immutable.
///
/// In int8 they are quantised symmetrically, with a quantisation scale for each output. Every back end computes the same
/// int8 sums: products of 8-bit numbers are accumulated in 32 bits without saturation.
typedef struct ck_weights ck_weights;

/// Packs copies of w [outputs, depth], rows `stride` apart, and bias [outputs] (or NULL for zeros), for a back end that
/// supports the precision. outputs and depth are at least 1; in int8, depth is at most 65536. Returns NULL only if memory
/// is exhausted.
ck_weights *ck_pack(const ck_backend *backend, ck_precision precision, const float *w, size_t stride, size_t outputs,
                    size_t depth, const float *bias);
void ck_free(ck_weights *weights);
size_t ck_weights_bytes(const ck_weights *weights);

/// y [rows, outputs] ← activation(x [rows, depth] · Wᵀ + b), rows `x_stride` and `y_stride` apart. In int8, each row of x
/// is quantised to 254 steps between its own minimum and maximum, 0 included; if `together` is not 0, the
/// (rows − 1)·x_stride + depth numbers from x on, under rows that overlap, are quantised once, with one scale.
void ck_multiply(const ck_weights *weights, const float *x, size_t x_stride, size_t rows, float *y, size_t y_stride,
                 ck_activation activation, int together, ck_pool *pool);

/// Outputs in a panel, whose weights lie together.
size_t ck_weights_panel(const ck_weights *weights);

/// y[i] ← y[i] + (W·x)[i] for outputs i in first..<(first + count), without bias: a step of a recurrence. `first` is a
/// multiple of the panel; so is `count`, unless the last output is included. `backwards` reverses the order of the
/// panels: where the weights exceed a cache, those read last in one step are still cached at the start of the next. In
/// int8, x is quantised like a row of `ck_multiply`, into the pool's scratch memory.
void ck_add_row(const ck_weights *weights, const float *x, float *y, size_t first, size_t count, int backwards,
                ck_pool *pool);

/// y [rows, outputs] ← scale · x [rows, depth] · Wᵀ in fp32, for a W that is used once, such as activations. Element
/// (output, k) of W is at w[output·output_stride + k·depth_stride]; one of the two strides is 1. W may be packed into the
/// pool's scratch memory.
void ck_product(const ck_backend *backend, const float *x, size_t x_stride, size_t rows, size_t depth, const float *w,
                size_t output_stride, size_t depth_stride, size_t outputs, float scale, float *y, size_t y_stride,
                ck_pool *pool);

/// Seconds for which this thread has had a processor: a clock for short pieces of work, which stands still while other
/// programs run.
double ck_thread_time(void);

/// Peak multiply-accumulates per second of this thread: the best of several short trials, some 20 ms in all. Tiles of our
/// own compute on numbers in the first-level cache; OpenBLAS multiplies square matrices that fit the second.
double ck_peak(const ck_backend *backend, ck_precision precision);

#ifdef __cplusplus
}
#endif
