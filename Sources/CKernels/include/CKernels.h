/// Kernels of the network's layers, fp32, row-major, time-major.
///
/// The code is portable C that the compiler vectorises: each function is compiled for x86-64-v4, x86-64-v3 and the
/// baseline, and the loader picks the best one for the processor. Nothing here allocates. Pointers must not alias
/// unless the function works in place. Each kernel has a slow scalar twin in Tests/ModelTests/Math.
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "gemm.h"
#include "backend.h"
#include "mel.h"
#include "thread_pool.h"

#ifdef __cplusplus
extern "C" {
#endif

/// x ← x·Φ(x) with the exact (erf) Φ. Error against the true value: at most 4e-7·|x|.
void ck_gelu(float *x, size_t count);

/// x ← tanh x. Error: at most 3e-7.
void ck_tanh(float *x, size_t count);

/// x ← source, `count` little-endian IEEE 754 binary16 numbers of any alignment; the conversion is exact.
void ck_from_half(const void *source, float *x, size_t count);

/// x ← x + y.
void ck_add(float *x, const float *y, size_t count);

/// Replaces each of `rows` rows of `columns` numbers by its softmax, in place.
void ck_softmax(float *x, size_t rows, size_t columns);

/// x ← log10 max(x, least), least > 0. Error: at most 1e-6. Returns the maximum of the results; −∞ for an empty x.
float ck_log10(float *x, size_t count, float least);

/// x ← max(x, least)·scale + shift.
void ck_clamp_scale(float *x, size_t count, float least, float scale, float shift);

/// y ← LayerNorm of each row over its columns: (x − mean) / √(variance + epsilon) · gain + bias. y may be x.
void ck_layer_norm(const float *x, float *y, size_t rows, size_t columns, const float *gain, const float *bias,
                   float epsilon);

/// x ← LayerNorm(x + r) of each row, in place: the residual sum of a post-norm block.
void ck_add_layer_norm(float *x, const float *r, size_t rows, size_t columns, const float *gain, const float *bias,
                       float epsilon);

/// Normalises each column over its rows to (x − mean) / √(variance + epsilon) · gain + bias, in place: a GroupNorm
/// with one group for each channel. `scratch` holds 2·columns numbers.
void ck_column_norm(float *x, size_t rows, size_t columns, const float *gain, const float *bias, float epsilon,
                    double *scratch);

/// mean ← the mean of each column. `scratch` holds `columns` numbers.
void ck_column_mean(const float *x, size_t rows, size_t columns, float *mean, double *scratch);

/// Divides each row of `columns` numbers by its L2 norm, or by 1e-12 if that is greater, in place.
void ck_normalize_rows(float *x, size_t rows, size_t columns);

/// One step of an LSTM cell for `count` of its units. `gates` holds the units' pre-activations of the input, forget,
/// cell and output gates, in PyTorch's order and `stride` numbers apart; cell [count] is updated; h [count] is written.
/// Error of each gate: at most 3e-7.
void ck_lstm_cell(const float *gates, size_t stride, float *cell, float *h, size_t count);

/// The mean and population variance of x, accumulated in double precision.
void ck_moments(const float *x, size_t count, double *mean, double *variance);

#ifdef __cplusplus
}
#endif
