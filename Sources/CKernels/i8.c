#include "i8.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "products.h"

typedef struct {
    ck_weights base;
    const i8_kernels *kernels;
    size_t panels;
    size_t padded;     // depth rounded up to a multiple of the group
    int8_t *data;      // [panels][padded / group][width][group]
    int32_t *totals;   // [panels·width]: the sum of each output's weights
    float *scales;     // [panels·width]
    float *bias;       // [panels·width]
} i8_weights;

// Range below which all numbers quantise to 0: dividing by a smaller one would overflow.
static const float LEAST_RANGE = 1e-30f;

// Quantises and packs the weights w [depth] of one output. `values` is scratch memory of `padded` bytes.
static void pack_output(i8_weights *packed, size_t output, const float *w, int8_t *values) {
    const i8_kernels *kernels = packed->kernels;
    const size_t panel_width = kernels->width, group = kernels->group;
    const i8_range range = kernels->range(w, packed->base.depth);
    const float magnitude = range.most > -range.least ? range.most : -range.least;
    const float factor = magnitude > LEAST_RANGE ? 127 / magnitude : 0;
    packed->totals[output] = kernels->quantise_weights(w, packed->base.depth, factor, values);
    packed->scales[output] = magnitude / 127;
    memset(values + packed->base.depth, 0, packed->padded - packed->base.depth);
    int8_t *to = packed->data + output / panel_width * panel_width * packed->padded + output % panel_width * group;
    if (group == 4) {
        for (size_t k = 0; k < packed->padded; k += 4) {
            memcpy(to + k * panel_width, values + k, 4);
        }
    } else {
        for (size_t k = 0; k < packed->padded; k += 2) {
            memcpy(to + k * panel_width, values + k, 2);
        }
    }
}

ck_weights *i8_pack(const products *self, const float *w, size_t stride, size_t outputs, size_t depth,
                    const float *bias) {
    const i8_kernels *kernels = self->kernels;
    const size_t panel_width = kernels->width, group = kernels->group;
    const size_t padded = (depth + group - 1) / group * group, panels = (outputs + panel_width - 1) / panel_width;
    const size_t each = panels * panel_width * sizeof(float);
    const size_t bytes[MOST_ARRAYS] = {panels * panel_width * padded, each, each, each};
    i8_weights *packed = (i8_weights *)allocate_weights(sizeof *packed, self, outputs, depth, panel_width, bytes);
    int8_t *values = allocate_lines(padded);
    if (packed == NULL || values == NULL) {
        free(values);
        ck_free(packed == NULL ? NULL : &packed->base);
        return NULL;
    }
    packed->kernels = kernels;
    packed->panels = panels;
    packed->padded = padded;
    packed->data = packed->base.arrays[0];
    packed->totals = packed->base.arrays[1];
    packed->scales = packed->base.arrays[2];
    packed->bias = packed->base.arrays[3];
    // Zeros for the outputs that pad the last panel.
    memset(packed->data + (panels - 1) * panel_width * padded, 0, panel_width * padded);
    for (size_t output = 0; output < outputs; output++) {
        pack_output(packed, output, w + output * stride, values);
        packed->bias[output] = bias != NULL ? bias[output] : 0;
    }
    free(values);
    return &packed->base;
}

// Quantises a row to 254 steps between its minimum and maximum, 0 included; rounding at both ends stays in the 256
// numbers of a byte.
static i8_scale quantise(const i8_kernels *kernels, const float *x, size_t count, void *out) {
    const i8_range range = kernels->range(x, count);
    const float width = range.most - range.least, factor = width > LEAST_RANGE ? 254 / width : 0;
    const int32_t zero = kernels->element == 1 ? kernels->least - (int32_t)lrintf(range.least * factor) : 0;
    kernels->quantise(x, count, factor, zero, out);
    return (i8_scale){width / 254, zero};
}

void i8_add_row(const ck_weights *base, const float *x, float *y, size_t first, size_t count, int backwards,
                ck_pool *pool) {
    const i8_weights *weights = (const i8_weights *)base;
    const i8_kernels *kernels = weights->kernels;
    const size_t panel_width = kernels->width, panels = (count + panel_width - 1) / panel_width;
    char *quantised = ck_pool_scratch(pool, 0, weights->padded * kernels->element);
    const i8_scale scale = quantise(kernels, x, weights->base.depth, quantised);
    memset(quantised + weights->base.depth * kernels->element, 0,
           (weights->padded - weights->base.depth) * kernels->element);
    for (size_t index = 0; index < panels; index++) {
        const size_t output = first + (backwards ? panels - 1 - index : index) * panel_width;
        const size_t columns = weights->base.outputs - output < panel_width ? weights->base.outputs - output : panel_width;
        const int8_t *data = weights->data + output * weights->padded;
        int32_t sums[I8_WIDEST_PANEL];
        float before[I8_WIDEST_PANEL];
        kernels->tile(1, data, quantised, 0, weights->padded, sums, data, 0);
        memcpy(before, y + output, columns * sizeof(float));
        kernels->finish(sums, weights->totals + output, weights->scales + output, scale, before, y + output, columns,
                        0);
    }
}

typedef struct {
    const i8_weights *weights;
    const float *x;
    float *y;
    size_t x_stride, y_stride, rows;
    size_t rows_each, panels_each, row_parts;  // how the work is divided into parts
    void *quantised;                           // rows q_stride elements apart; NULL if each part quantises its own rows
    i8_scale *scales;                          // one for each row, scale_step apart
    size_t q_stride, scale_step;
    ck_activation activation;
    ck_pool *pool;
} product;

// Elements between quantised rows: an odd number of cache lines, so that rows do not evict one another.
static size_t quantised_stride(const i8_weights *weights) {
    const size_t bytes = weights->padded * weights->kernels->element;
    return ((bytes + 63) / 64 | 1) * 64 / weights->kernels->element;
}

static void quantise_rows(const product *p, size_t first, size_t rows, void *out, i8_scale *scales) {
    const i8_weights *weights = p->weights;
    const size_t element = weights->kernels->element, tail = (weights->padded - weights->base.depth) * element;
    for (size_t row = 0; row < rows; row++) {
        char *to = (char *)out + row * p->q_stride * element;
        scales[row] = quantise(weights->kernels, p->x + (first + row) * p->x_stride, weights->base.depth, to);
        memset(to + weights->base.depth * element, 0, tail);
    }
}

// y ← x·panel for all rows of one part, in tiles of nearly equal height, which together prefetch the panel `next`.
static void multiply_panel(const product *p, size_t panel, size_t next, const char *x, const i8_scale *scales, float *y,
                           size_t rows) {
    const i8_weights *weights = p->weights;
    const i8_kernels *kernels = weights->kernels;
    const size_t panel_width = kernels->width, output = panel * panel_width;
    const int8_t *data = weights->data + output * weights->padded;
    const size_t columns = weights->base.outputs - output < panel_width ? weights->base.outputs - output : panel_width;
    const size_t tiles = (rows + kernels->rows - 1) / kernels->rows;
    const int8_t *next_data = weights->data + next * panel_width * weights->padded;
    const size_t ahead_step = next == panel ? 0 : (panel_width * kernels->group + tiles - 1) / tiles;
    for (size_t tile = 0; tile < tiles; tile++) {
        const size_t row = rows * tile / tiles, height = rows * (tile + 1) / tiles - row;
        int32_t sums[I8_TALLEST_TILE * I8_WIDEST_PANEL];
        kernels->tile(height, data, x + row * p->q_stride * kernels->element, p->q_stride, weights->padded, sums,
                      next_data + panel_width * weights->padded * tile / tiles, ahead_step);
        for (size_t r = 0; r < height; r++) {
            kernels->finish(sums + r * panel_width, weights->totals + output, weights->scales + output,
                            scales[(row + r) * p->scale_step], weights->bias + output,
                            y + (row + r) * p->y_stride + output, columns, p->activation == CK_GELU);
        }
    }
}

static void multiply_part(void *context, size_t index, size_t worker) {
    const product *p = context;
    const i8_weights *weights = p->weights;
    const size_t first = index % p->row_parts * p->rows_each;
    const size_t rows = p->rows - first < p->rows_each ? p->rows - first : p->rows_each;
    const size_t panel = index / p->row_parts * p->panels_each;
    const size_t end = panel + p->panels_each < weights->panels ? panel + p->panels_each : weights->panels;
    const size_t row_bytes = p->q_stride * weights->kernels->element;
    char *x = p->quantised;
    i8_scale *scales = p->scales;
    if (x == NULL) {
        x = ck_pool_scratch(p->pool, worker, rows * (row_bytes + sizeof(i8_scale)));
        scales = (i8_scale *)(x + rows * row_bytes);
        quantise_rows(p, first, rows, x, scales);
    } else {
        x += first * row_bytes;
        scales += first * p->scale_step;
    }
    // The first panel of the part that this thread will probably take next, as in f32.c.
    const size_t after = p->row_parts > 1 ? 0 : (index + ck_pool_threads(p->pool)) * p->panels_each;
    for (size_t at = panel; at < end; at++) {
        const size_t next = at + 1 < end ? at + 1 : after < weights->panels ? after : at;
        multiply_panel(p, at, next, x, scales, p->y + first * p->y_stride, rows);
    }
}

enum { ROWS_TOGETHER = 28 };

static void quantise_part(void *context, size_t index, size_t worker) {
    (void)worker;
    const product *p = context;
    const size_t first = index * ROWS_TOGETHER;
    const size_t rows = p->rows - first < ROWS_TOGETHER ? p->rows - first : ROWS_TOGETHER;
    quantise_rows(p, first, rows, (char *)p->quantised + first * p->q_stride * p->weights->kernels->element,
                  p->scales + first);
}

static void multiply_quantised(product *p) {
    const size_t threads = ck_pool_threads(p->pool), panels = p->weights->panels;
    const int small = p->rows * p->weights->base.outputs * p->weights->base.depth < 1 << 18;
    const size_t parts = threads == 1 || small ? 1 : 4 * threads;
    p->panels_each = (panels + parts - 1) / parts;
    ck_pool_run(p->pool, (panels + p->panels_each - 1) / p->panels_each, multiply_part, p);
}

// Multiplies rows that overlap: the numbers under all of them are quantised once, with one scale.
static void multiply_together(product *p) {
    const i8_weights *weights = p->weights;
    const size_t element = weights->kernels->element;
    const size_t count = (p->rows - 1) * p->x_stride + weights->base.depth;
    const size_t bytes = (count + weights->padded - weights->base.depth) * element;
    char *quantised = ck_pool_scratch(p->pool, ck_pool_threads(p->pool), bytes);
    i8_scale scale = quantise(weights->kernels, p->x, count, quantised);
    memset(quantised + count * element, 0, bytes - count * element);
    p->quantised = quantised;
    p->scales = &scale;
    p->q_stride = p->x_stride;
    p->scale_step = 0;
    multiply_quantised(p);
}

void i8_multiply(const ck_weights *base, const float *x, size_t x_stride, size_t rows, float *y, size_t y_stride,
                 ck_activation activation, int together, ck_pool *pool) {
    const i8_weights *weights = (const i8_weights *)base;
    product p = {.weights = weights, .x = x, .y = y, .x_stride = x_stride, .y_stride = y_stride, .rows = rows,
                 .rows_each = rows, .panels_each = weights->panels, .row_parts = 1,
                 .q_stride = quantised_stride(weights), .scale_step = 1, .activation = activation, .pool = pool};
    if (together) {
        multiply_together(&p);
        return;
    }
    const size_t chunk = 8 * weights->kernels->rows;
    if (rows >= 512) {
        p.rows_each = chunk;
        p.row_parts = (rows + chunk - 1) / chunk;
        ck_pool_run(pool, p.row_parts, multiply_part, &p);
        return;
    }
    const size_t row_bytes = p.q_stride * weights->kernels->element;
    p.quantised = ck_pool_scratch(pool, ck_pool_threads(pool), rows * (row_bytes + sizeof(i8_scale)));
    p.scales = (i8_scale *)((char *)p.quantised + rows * row_bytes);
    if (rows <= ROWS_TOGETHER) {
        quantise_part(&p, 0, 0);
    } else {
        ck_pool_run(pool, (rows + ROWS_TOGETHER - 1) / ROWS_TOGETHER, quantise_part, &p);
    }
    multiply_quantised(&p);
}
