// What a back end consists of, and the functions that backend.c enters in its table.
#pragma once

#include "gemm.h"

struct products;

// As ck_pack, ck_multiply, ck_add_row, ck_product and ck_peak, for one back end in one precision.
typedef ck_weights *pack_function(const struct products *self, const float *w, size_t stride, size_t outputs,
                                  size_t depth, const float *bias);
typedef void multiply_function(const ck_weights *weights, const float *x, size_t x_stride, size_t rows, float *y,
                               size_t y_stride, ck_activation activation, int together, ck_pool *pool);
typedef void add_row_function(const ck_weights *weights, const float *x, float *y, size_t first, size_t count,
                              int backwards, ck_pool *pool);
typedef void product_function(const struct products *self, const float *x, size_t x_stride, size_t rows, size_t depth,
                              const float *w, size_t output_stride, size_t depth_stride, size_t outputs, float scale,
                              float *y, size_t y_stride, ck_pool *pool);
typedef double peak_function(const struct products *self);

// The products of one back end in one precision; all fields are NULL where it lacks the precision.
typedef struct products {
    // Whether this machine runs them.
    int (*supported)(void);
    pack_function *pack;
    multiply_function *multiply;
    add_row_function *add_row;
    product_function *product;  // NULL in int8
    peak_function *peak;
    const void *kernels;  // f32_kernels or i8_kernels; NULL for OpenBLAS
} products;

struct ck_backend {
    const char *name;
    // Whether it is faster than those after it in the table on this processor, so that it is chosen where nobody asks.
    int (*pays)(void);
    ck_precision fastest;
    products precisions[2];  // at CK_FP32 and CK_INT8
    const struct mel_kernels *mel;
};

enum { MOST_ARRAYS = 4 };

// The first field of every back end's weights.
struct ck_weights {
    const products *products;
    size_t outputs, depth;
    size_t panel;               // outputs in a panel
    void *arrays[MOST_ARRAYS];  // memory that is freed with the weights; NULL where there are fewer
    size_t bytes;               // of the arrays
};

// Allocates a structure of `size` bytes that starts with a ck_weights, and arrays of the given bytes, aligned to cache
// lines. Returns NULL if memory is exhausted.
ck_weights *allocate_weights(size_t size, const products *products, size_t outputs, size_t depth, size_t panel,
                             const size_t bytes[MOST_ARRAYS]);

// Allocates memory that is aligned to cache lines.
void *allocate_lines(size_t bytes);

// The rate of the best of several trials of `macs` multiply-accumulates, each made by `work(context)`.
double best_rate(size_t macs, void (*work)(void *context), void *context);

// f32.c, i8.c and openblas.c
pack_function f32_pack, i8_pack, openblas_pack;
multiply_function f32_multiply, i8_multiply, openblas_multiply;
add_row_function f32_add_row, i8_add_row, openblas_add_row;
product_function f32_product, openblas_product;
peak_function f32_peak, i8_peak, openblas_peak;
int openblas_supported(void);
