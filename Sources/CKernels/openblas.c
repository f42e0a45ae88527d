#include "openblas.h"

#include <stdlib.h>
#include <string.h>

#include "CKernels.h"
#include "products.h"

// Outputs, or rows where there are many, of one call of OpenBLAS. The parts depend on the shape alone, since OpenBLAS's
// sums depend on the size of a call: so the results are the same on any number of threads.
enum { OUTPUTS_EACH = 128, ROWS_EACH = 256, MANY_ROWS = 512 };

// Multiply-accumulates below which a product is one call: one head of the attention, and all that is smaller.
enum { SMALL = 1 << 21 };

// Outputs of one call where rows are multiplied one by one: their weights stay in a second-level cache for the next row.
enum { PANEL = 64 };

// Rows below which each is multiplied alone. OpenBLAS's product of matrices first copies all weights, which is slower up
// to some 6 rows; and with several of its kernels the sums of a row depend on the rows beside it. So sequences that are
// read together, at most 12, do not depend on one another.
enum { FEW_ROWS = 16 };

typedef struct {
    ck_weights base;
    float *data;  // [outputs][depth]
    float *bias;  // [outputs]
} openblas_weights;

typedef struct {
    const float *x, *w, *bias;  // bias may be NULL
    float *y;
    size_t rows, outputs, depth;
    size_t x_stride, y_stride, output_stride, depth_stride;
    size_t rows_each, outputs_each, row_parts;  // how the work is divided into parts
    float scale;
    ck_activation activation;
    ck_pool *pool;
} product;

int openblas_supported(void) {
    return openblas() != NULL;
}

ck_weights *openblas_pack(const products *self, const float *w, size_t stride, size_t outputs, size_t depth,
                          const float *bias) {
    const size_t bytes[MOST_ARRAYS] = {outputs * depth * sizeof(float), outputs * sizeof(float)};
    openblas_weights *packed = (openblas_weights *)allocate_weights(sizeof *packed, self, outputs, depth, PANEL, bytes);
    if (packed == NULL) {
        return NULL;
    }
    packed->data = packed->base.arrays[0];
    packed->bias = packed->base.arrays[1];
    for (size_t output = 0; output < outputs; output++) {
        memcpy(packed->data + output * depth, w + output * stride, depth * sizeof(float));
        packed->bias[output] = bias != NULL ? bias[output] : 0;
    }
    return &packed->base;
}

// The distance of rows that hold `width` numbers: OpenBLAS refuses one below the width even for a single row.
static blasint distance(size_t stride, size_t width) {
    return (blasint)(stride < width ? width : stride);
}

// y [rows, outputs] ← scale·x·wᵀ + (bias ? y : 0), for few rows.
static void multiply_each(const product *p, const float *x, const float *w, float *y, size_t rows, size_t outputs) {
    const int by_outputs = p->depth_stride == 1;
    const blasint depth = (blasint)p->depth;
    for (size_t output = 0; output < outputs; output += PANEL) {
        const blasint count = (blasint)(outputs - output < PANEL ? outputs - output : PANEL);
        const blasint w_stride = by_outputs ? distance(p->output_stride, p->depth)
                                            : distance(p->depth_stride, outputs);
        for (size_t row = 0; row < rows; row++) {
            openblas()->sgemv(CblasRowMajor, by_outputs ? CblasNoTrans : CblasTrans, by_outputs ? count : depth,
                              by_outputs ? depth : count, p->scale, w + output * p->output_stride, w_stride,
                              x + row * p->x_stride, 1, p->bias != NULL ? 1 : 0, y + row * p->y_stride + output, 1);
        }
    }
}

// The same for many rows, which do not overlap.
static void multiply_all(const product *p, const float *x, size_t x_stride, const float *w, float *y, size_t rows,
                         size_t outputs) {
    const int by_outputs = p->depth_stride == 1;
    const blasint w_stride = by_outputs ? distance(p->output_stride, p->depth) : distance(p->depth_stride, outputs);
    openblas()->sgemm(CblasRowMajor, CblasNoTrans, by_outputs ? CblasTrans : CblasNoTrans, (blasint)rows,
                      (blasint)outputs, (blasint)p->depth, p->scale, x, (blasint)x_stride, w, w_stride,
                      p->bias != NULL ? 1 : 0, y, distance(p->y_stride, outputs));
}

static void multiply_part(void *context, size_t index, size_t worker) {
    const product *p = context;
    const size_t first = index % p->row_parts * p->rows_each, output = index / p->row_parts * p->outputs_each;
    const size_t rows = p->rows - first < p->rows_each ? p->rows - first : p->rows_each;
    const size_t outputs = p->outputs - output < p->outputs_each ? p->outputs - output : p->outputs_each;
    const float *x = p->x + first * p->x_stride, *w = p->w + output * p->output_stride;
    float *y = p->y + first * p->y_stride + output;
    size_t x_stride = p->x_stride;
    if (p->rows >= FEW_ROWS && x_stride < p->depth) {
        // OpenBLAS takes no rows that overlap.
        float *copy = ck_pool_scratch(p->pool, worker, rows * p->depth * sizeof(float));
        for (size_t row = 0; row < rows; row++) {
            memcpy(copy + row * p->depth, x + row * x_stride, p->depth * sizeof(float));
        }
        x = copy;
        x_stride = p->depth;
    }
    for (size_t row = 0; p->bias != NULL && row < rows; row++) {
        memcpy(y + row * p->y_stride, p->bias + output, outputs * sizeof(float));
    }
    if (p->rows < FEW_ROWS) {
        multiply_each(p, x, w, y, rows, outputs);
    } else {
        multiply_all(p, x, x_stride, w, y, rows, outputs);
    }
    for (size_t row = 0; p->activation == CK_GELU && row < rows; row++) {
        ck_gelu(y + row * p->y_stride, outputs);
    }
}

static void multiply(product *p) {
    p->rows_each = p->rows;
    p->outputs_each = p->outputs;
    p->row_parts = 1;
    if (p->rows >= MANY_ROWS) {
        p->rows_each = ROWS_EACH;
        p->row_parts = (p->rows + ROWS_EACH - 1) / ROWS_EACH;
    } else if (p->rows * p->outputs * p->depth >= SMALL) {
        p->outputs_each = OUTPUTS_EACH;
    }
    const size_t output_parts = (p->outputs + p->outputs_each - 1) / p->outputs_each;
    ck_pool_run(p->pool, p->row_parts * output_parts, multiply_part, p);
}

void openblas_multiply(const ck_weights *base, const float *x, size_t x_stride, size_t rows, float *y,
                       size_t y_stride, ck_activation activation, int together, ck_pool *pool) {
    (void)together;
    const openblas_weights *weights = (const openblas_weights *)base;
    product p = {.x = x, .w = weights->data, .bias = weights->bias, .y = y, .rows = rows, .outputs = base->outputs,
                 .depth = base->depth, .x_stride = x_stride, .y_stride = y_stride, .output_stride = base->depth,
                 .depth_stride = 1, .scale = 1, .activation = activation, .pool = pool};
    multiply(&p);
}

void openblas_product(const products *self, const float *x, size_t x_stride, size_t rows, size_t depth, const float *w,
                      size_t output_stride, size_t depth_stride, size_t outputs, float scale, float *y,
                      size_t y_stride, ck_pool *pool) {
    (void)self;
    product p = {.x = x, .w = w, .y = y, .rows = rows, .outputs = outputs, .depth = depth, .x_stride = x_stride,
                 .y_stride = y_stride, .output_stride = output_stride, .depth_stride = depth_stride, .scale = scale,
                 .activation = CK_LINEAR, .pool = pool};
    multiply(&p);
}

void openblas_add_row(const ck_weights *base, const float *x, float *y, size_t first, size_t count, int backwards,
                      ck_pool *pool) {
    (void)pool;
    const openblas_weights *weights = (const openblas_weights *)base;
    const size_t panels = (count + PANEL - 1) / PANEL;
    for (size_t index = 0; index < panels; index++) {
        const size_t output = first + (backwards ? panels - 1 - index : index) * PANEL;
        const size_t outputs = first + count - output < PANEL ? first + count - output : PANEL;
        openblas()->sgemv(CblasRowMajor, CblasNoTrans, (blasint)outputs, (blasint)base->depth, 1,
                          weights->data + output * base->depth, (blasint)base->depth, x, 1, 1, y + output, 1);
    }
}

// Square matrices of this size, whose copies fit a second-level cache of 1 MiB.
enum { PEAK_SIZE = 256 };

static void multiply_squares(void *context) {
    float *y = context;
    static const float zeros[PEAK_SIZE * PEAK_SIZE];
    openblas()->sgemm(CblasRowMajor, CblasNoTrans, CblasTrans, PEAK_SIZE, PEAK_SIZE, PEAK_SIZE, 1, zeros, PEAK_SIZE,
                      zeros, PEAK_SIZE, 0, y, PEAK_SIZE);
}

double openblas_peak(const products *self) {
    (void)self;
    float *y = allocate_lines(PEAK_SIZE * PEAK_SIZE * sizeof *y);
    const double rate = y == NULL ? 0 : best_rate((size_t)PEAK_SIZE * PEAK_SIZE * PEAK_SIZE, multiply_squares, y);
    free(y);
    return rate;
}
