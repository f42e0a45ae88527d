#include "i8.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "gemm.h"

struct ck_i8_weights {
    const i8_kernels *kernels;
    size_t outputs, depth, panels;
    size_t padded;     // depth rounded up to a multiple of the group
    int8_t *data;      // [panels][padded / group][width][group]
    int32_t *totals;   // [panels·width]: the sum of each output's weights
    float *scales;     // [panels·width]
    float *bias;       // [panels·width]
};

const i8_kernels *i8_kernels_at(int level) {
#if defined(__x86_64__)
    if (level == CK_AVX512 && __builtin_cpu_supports("avx512vnni")) {
        return &i8_vnni;
    }
    if (level >= CK_AVXVNNI && ck_level_runs(CK_AVXVNNI)) {
        return &i8_avxvnni;
    }
    if (level >= CK_AVX2) {
        return &i8_avx2;
    }
#endif
    (void)level;
    return &i8_portable;
}

// Range below which all numbers quantise to 0: dividing by a smaller one would overflow.
static const float LEAST_RANGE = 1e-30f;

static void *allocate(size_t bytes) {
    return aligned_alloc(64, (bytes + 63) & ~(size_t)63);
}

// Quantises and packs the weights w [depth] of one output. `values` is scratch memory of `padded` bytes.
static void pack_output(ck_i8_weights *packed, size_t output, const float *w, int8_t *values) {
    const i8_kernels *kernels = packed->kernels;
    const size_t panel_width = kernels->width, group = kernels->group;
    const i8_range range = kernels->range(w, packed->depth);
    const float magnitude = range.most > -range.least ? range.most : -range.least;
    const float factor = magnitude > LEAST_RANGE ? 127 / magnitude : 0;
    packed->totals[output] = kernels->quantise_weights(w, packed->depth, factor, values);
    packed->scales[output] = magnitude / 127;
    memset(values + packed->depth, 0, packed->padded - packed->depth);
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

ck_i8_weights *ck_i8_pack(ck_level level, const float *w, size_t stride, size_t outputs, size_t depth,
                          const float *bias) {
    ck_i8_weights *packed = calloc(1, sizeof *packed);
    if (packed == NULL) {
        return NULL;
    }
    packed->kernels = i8_kernels_at(level);
    const size_t panel_width = packed->kernels->width, group = packed->kernels->group;
    packed->outputs = outputs;
    packed->depth = depth;
    packed->padded = (depth + group - 1) / group * group;
    packed->panels = (outputs + panel_width - 1) / panel_width;
    const size_t padded_outputs = packed->panels * panel_width;
    packed->data = allocate(padded_outputs * packed->padded);
    packed->totals = allocate(padded_outputs * sizeof(int32_t));
    packed->scales = allocate(padded_outputs * sizeof(float));
    packed->bias = allocate(padded_outputs * sizeof(float));
    int8_t *values = allocate(packed->padded);
    if (values == NULL || packed->data == NULL || packed->totals == NULL || packed->scales == NULL ||
        packed->bias == NULL) {
        free(values);
        ck_i8_free(packed);
        return NULL;
    }
    // Zeros for the outputs that pad the last panel.
    memset(packed->data + (packed->panels - 1) * panel_width * packed->padded, 0, panel_width * packed->padded);
    for (size_t output = 0; output < outputs; output++) {
        pack_output(packed, output, w + output * stride, values);
        packed->bias[output] = bias != NULL ? bias[output] : 0;
    }
    free(values);
    return packed;
}

void ck_i8_free(ck_i8_weights *weights) {
    if (weights != NULL) {
        free(weights->data);
        free(weights->totals);
        free(weights->scales);
        free(weights->bias);
        free(weights);
    }
}

size_t ck_i8_bytes(const ck_i8_weights *weights) {
    return weights->panels * weights->kernels->width * (weights->padded + 12);
}

size_t ck_i8_panel(const ck_i8_weights *weights) {
    return weights->kernels->width;
}

// Quantises a row to 254 steps between its minimum and maximum, 0 included; rounding at both ends stays in 0…255.
static i8_scale quantise(const i8_kernels *kernels, const float *x, size_t count, void *out) {
    const i8_range range = kernels->range(x, count);
    const float width = range.most - range.least, factor = width > LEAST_RANGE ? 254 / width : 0;
    const int32_t zero = kernels->element == 1 ? -(int32_t)lrintf(range.least * factor) : 0;
    kernels->quantise(x, count, factor, zero, out);
    return (i8_scale){width / 254, zero};
}

void ck_i8_add_row(const ck_i8_weights *weights, const float *x, float *y, size_t first, size_t count, int backwards,
                   ck_pool *pool) {
    const i8_kernels *kernels = weights->kernels;
    const size_t panel_width = kernels->width, panels = (count + panel_width - 1) / panel_width;
    char *quantised = ck_pool_scratch(pool, 0, weights->padded * kernels->element);
    const i8_scale scale = quantise(kernels, x, weights->depth, quantised);
    memset(quantised + weights->depth * kernels->element, 0, (weights->padded - weights->depth) * kernels->element);
    for (size_t index = 0; index < panels; index++) {
        const size_t output = first + (backwards ? panels - 1 - index : index) * panel_width;
        const size_t columns = weights->outputs - output < panel_width ? weights->outputs - output : panel_width;
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
    const ck_i8_weights *weights;
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
static size_t quantised_stride(const ck_i8_weights *weights) {
    const size_t bytes = weights->padded * weights->kernels->element;
    return ((bytes + 63) / 64 | 1) * 64 / weights->kernels->element;
}

static void quantise_rows(const product *p, size_t first, size_t rows, void *out, i8_scale *scales) {
    const ck_i8_weights *weights = p->weights;
    const size_t element = weights->kernels->element, tail = (weights->padded - weights->depth) * element;
    for (size_t row = 0; row < rows; row++) {
        char *to = (char *)out + row * p->q_stride * element;
        scales[row] = quantise(weights->kernels, p->x + (first + row) * p->x_stride, weights->depth, to);
        memset(to + weights->depth * element, 0, tail);
    }
}

// y ← x·panel for all rows of one part, in tiles of nearly equal height, which together prefetch the panel `next`.
static void multiply_panel(const product *p, size_t panel, size_t next, const char *x, const i8_scale *scales, float *y,
                           size_t rows) {
    const ck_i8_weights *weights = p->weights;
    const i8_kernels *kernels = weights->kernels;
    const size_t panel_width = kernels->width, output = panel * panel_width;
    const int8_t *data = weights->data + output * weights->padded;
    const size_t columns = weights->outputs - output < panel_width ? weights->outputs - output : panel_width;
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
    const ck_i8_weights *weights = p->weights;
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
    const int small = p->rows * p->weights->outputs * p->weights->depth < 1 << 18;
    const size_t parts = threads == 1 || small ? 1 : 4 * threads;
    p->panels_each = (panels + parts - 1) / parts;
    ck_pool_run(p->pool, (panels + p->panels_each - 1) / p->panels_each, multiply_part, p);
}

void ck_i8_multiply(const ck_i8_weights *weights, const float *x, size_t x_stride, size_t rows, float *y,
                    size_t y_stride, ck_activation activation, ck_pool *pool) {
    product p = {.weights = weights, .x = x, .y = y, .x_stride = x_stride, .y_stride = y_stride, .rows = rows,
                 .rows_each = rows, .panels_each = weights->panels, .row_parts = 1,
                 .q_stride = quantised_stride(weights), .scale_step = 1, .activation = activation, .pool = pool};
    if (rows == 0) {
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

void ck_i8_multiply_overlapping(const ck_i8_weights *weights, const float *x, size_t x_stride, size_t rows, float *y,
                                size_t y_stride, ck_activation activation, ck_pool *pool) {
    if (rows == 0) {
        return;
    }
    const size_t element = weights->kernels->element;
    const size_t count = (rows - 1) * x_stride + weights->depth;
    const size_t bytes = (count + weights->padded - weights->depth) * element;
    char *quantised = ck_pool_scratch(pool, ck_pool_threads(pool), bytes);
    i8_scale scale = quantise(weights->kernels, x, count, quantised);
    memset(quantised + count * element, 0, bytes - count * element);
    product p = {.weights = weights, .x = x, .y = y, .y_stride = y_stride, .rows = rows, .rows_each = rows,
                 .panels_each = weights->panels, .row_parts = 1, .quantised = quantised, .scales = &scale,
                 .q_stride = x_stride, .scale_step = 0, .activation = activation, .pool = pool};
    multiply_quantised(&p);
}
