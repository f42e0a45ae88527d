#include "f32.h"

#include <string.h>

#include "products.h"

// Maximum depth summed in one pass before results are written: tiles of x and panels of weights of this depth fit L2.
enum { DEPTH_BLOCK = 1024 };

typedef struct {
    ck_weights base;
    const f32_kernels *kernels;
    size_t panels;
    float *data;  // [panels][depth][width], outputs padded with zeros
    float *bias;  // [panels·width]
} f32_weights;

static size_t width(const f32_kernels *kernels) {
    return 2 * kernels->lanes;
}

// Packs scale·w into panels. Element (output, k) of w is at w[output·output_stride + k·k_stride].
static void pack(const f32_weights *packed, const float *w, size_t output_stride, size_t k_stride, float scale) {
    const size_t panel_width = width(packed->kernels), depth = packed->base.depth;
    for (size_t panel = 0; panel < packed->panels; panel++) {
        float *to = packed->data + panel * panel_width * depth;
        const float *from = w + panel * panel_width * output_stride;
        const size_t left = packed->base.outputs - panel * panel_width, columns = left < panel_width ? left : panel_width;
        if (output_stride == 1) {
            for (size_t k = 0; k < depth; k++) {
                for (size_t i = 0; i < panel_width; i++) {
                    to[k * panel_width + i] = i < columns ? from[k * k_stride + i] * scale : 0;
                }
            }
            continue;
        }
        for (size_t i = 0; i < panel_width; i++) {
            for (size_t k = 0; k < depth; k++) {
                to[k * panel_width + i] = i < columns ? from[i * output_stride + k * k_stride] * scale : 0;
            }
        }
    }
}

ck_weights *f32_pack(const products *self, const float *w, size_t stride, size_t outputs, size_t depth,
                     const float *bias) {
    const f32_kernels *kernels = self->kernels;
    const size_t panel_width = width(kernels), panels = (outputs + panel_width - 1) / panel_width;
    const size_t padded = panels * panel_width, bytes[MOST_ARRAYS] = {padded * depth * sizeof(float),
                                                                     padded * sizeof(float)};
    f32_weights *packed = (f32_weights *)allocate_weights(sizeof *packed, self, outputs, depth, panel_width, bytes);
    if (packed == NULL) {
        return NULL;
    }
    packed->kernels = kernels;
    packed->panels = panels;
    packed->data = packed->base.arrays[0];
    packed->bias = packed->base.arrays[1];
    pack(packed, w, stride, 1, 1);
    memset(packed->bias, 0, bytes[1]);
    if (bias != NULL) {
        memcpy(packed->bias, bias, outputs * sizeof(float));
    }
    return &packed->base;
}

static const float *panel_at(const f32_weights *weights, size_t panel, size_t depth) {
    return weights->data + (panel * weights->base.depth + depth) * width(weights->kernels);
}

void f32_add_row(const ck_weights *base, const float *x, float *y, size_t first, size_t count, int backwards,
                 ck_pool *pool) {
    (void)pool;
    const f32_weights *weights = (const f32_weights *)base;
    const f32_kernels *kernels = weights->kernels;
    const size_t panel_width = width(kernels), panels = (count + panel_width - 1) / panel_width;
    for (size_t index = 0; index < panels; index++) {
        const size_t output = first + (backwards ? panels - 1 - index : index) * panel_width;
        const float *data = panel_at(weights, output / panel_width, 0);
        const size_t columns = weights->base.outputs - output < panel_width ? weights->base.outputs - output : panel_width;
        if (columns == panel_width) {
            kernels->tile(1, 2, data, x, 0, weights->base.depth, y + output, 0, NULL, data, 0);
        } else {
            float edge[WIDEST_PANEL] = {0};
            memcpy(edge, y + output, columns * sizeof(float));
            kernels->tile(1, 2, data, x, 0, weights->base.depth, edge, 0, NULL, data, 0);
            memcpy(y + output, edge, columns * sizeof(float));
        }
    }
}

typedef struct {
    const f32_weights *weights;
    const float *x;
    float *y;
    size_t x_stride, y_stride, rows;
    size_t rows_each, panels_each, row_parts;  // how the work is divided into parts
    int copies;                                // whether rows of x are first copied to scratch memory
    ck_activation activation;
    ck_pool *pool;
} product;

// Whether rows `stride` numbers apart map to the same cache sets, and so evict one another.
static int collides(size_t stride) {
    return (stride * sizeof(float)) % 2048 == 0;
}

static size_t copied_stride(size_t depth) {
    return ((depth + 15) & ~(size_t)15) + 16;
}

static void copy_rows(const product *p, size_t first, size_t rows, float *to) {
    for (size_t row = 0; row < rows; row++) {
        memcpy(to + row * copied_stride(p->weights->base.depth), p->x + (first + row) * p->x_stride,
               p->weights->base.depth * sizeof(float));
    }
}

// y ← x·panel for all rows of one part, in tiles of nearly equal height; each tile prefetches its share of `next`.
static void multiply_panel(const product *p, size_t panel, const float *next, const float *x, size_t x_stride,
                           float *y, size_t rows, size_t from, size_t depth) {
    const f32_weights *weights = p->weights;
    const f32_kernels *kernels = weights->kernels;
    const size_t panel_width = width(kernels);
    const float *data = panel_at(weights, panel, from);
    const size_t left = weights->base.outputs - panel * panel_width, columns = left < panel_width ? left : panel_width;
    const size_t vectors = columns <= kernels->lanes ? 1 : 2;
    const float *start = from == 0 ? weights->bias + panel * panel_width : NULL;
    const int last = from + depth == weights->base.depth;
    const size_t tiles = (rows + kernels->rows - 1) / kernels->rows;
    const size_t ahead_step = next == data ? 0 : (panel_width * sizeof(float) + tiles - 1) / tiles;
    for (size_t tile = 0; tile < tiles; tile++) {
        const size_t row = rows * tile / tiles, height = rows * (tile + 1) / tiles - row;
        const float *ahead = next + panel_width * depth * tile / tiles;
        float *out = y + row * p->y_stride + panel * panel_width;
        float edge[TALLEST_TILE * WIDEST_PANEL];
        if (columns == vectors * kernels->lanes) {
            kernels->tile(height, vectors, data, x + row * x_stride, x_stride, depth, out, p->y_stride, start,
                          ahead, ahead_step);
        } else {
            for (size_t r = 0; start == NULL && r < height; r++) {
                memcpy(edge + r * panel_width, out + r * p->y_stride, columns * sizeof(float));
                memset(edge + r * panel_width + columns, 0, (panel_width - columns) * sizeof(float));
            }
            kernels->tile(height, vectors, data, x + row * x_stride, x_stride, depth, edge, panel_width, start, ahead,
                          ahead_step);
            for (size_t r = 0; r < height; r++) {
                memcpy(out + r * p->y_stride, edge + r * panel_width, columns * sizeof(float));
            }
        }
        if (last && p->activation == CK_GELU) {
            for (size_t r = 0; r < height; r++) {
                kernels->gelu(out + r * p->y_stride, columns);
            }
        }
    }
}

static void multiply_part(void *context, size_t index, size_t worker) {
    const product *p = context;
    const f32_weights *weights = p->weights;
    const size_t first = index % p->row_parts * p->rows_each;
    const size_t rows = p->rows - first < p->rows_each ? p->rows - first : p->rows_each;
    const size_t panel = index / p->row_parts * p->panels_each;
    const size_t end = panel + p->panels_each < weights->panels ? panel + p->panels_each : weights->panels;
    const float *x = p->x + first * p->x_stride;
    size_t x_stride = p->x_stride;
    if (p->copies) {
        x_stride = copied_stride(weights->base.depth);
        float *copy = ck_pool_scratch(p->pool, worker, rows * x_stride * sizeof(float));
        copy_rows(p, first, rows, copy);
        x = copy;
    }
    // The first panel of the part that this thread will probably take next: panel 0 where parts are rows, else the
    // first panel after the parts that the other threads compute now.
    const size_t after = p->row_parts > 1 ? 0 : (index + ck_pool_threads(p->pool)) * p->panels_each;
    const size_t blocks = (weights->base.depth + DEPTH_BLOCK - 1) / DEPTH_BLOCK;
    for (size_t block = 0; block < blocks; block++) {
        const size_t from = weights->base.depth * block / blocks, to = weights->base.depth * (block + 1) / blocks;
        for (size_t at = panel; at < end; at++) {
            const float *next = at + 1 < end              ? panel_at(weights, at + 1, from)
                                : block + 1 < blocks      ? panel_at(weights, panel, to)
                                : after < weights->panels ? panel_at(weights, after, 0)
                                                          : panel_at(weights, at, from);
            multiply_panel(p, at, next, x + from, x_stride, p->y + first * p->y_stride, rows, from, to - from);
        }
    }
}

void f32_multiply(const ck_weights *base, const float *x, size_t x_stride, size_t rows, float *y, size_t y_stride,
                  ck_activation activation, int together, ck_pool *pool) {
    (void)together;
    const f32_weights *weights = (const f32_weights *)base;
    product p = {weights, x, y, x_stride, y_stride, rows, rows, weights->panels, 1, 0, activation, pool};
    const size_t threads = ck_pool_threads(pool);
    const size_t chunk = 8 * weights->kernels->rows;
    p.copies = collides(x_stride) && weights->panels > 2 && rows > 4;
    if (rows >= 4 * chunk) {
        p.rows_each = chunk;
        p.row_parts = (rows + chunk - 1) / chunk;
        ck_pool_run(pool, p.row_parts, multiply_part, &p);
        return;
    }
    if (p.copies) {
        float *copy = ck_pool_scratch(pool, threads, rows * copied_stride(weights->base.depth) * sizeof(float));
        copy_rows(&p, 0, rows, copy);
        p.x = copy;
        p.x_stride = copied_stride(weights->base.depth);
        p.copies = 0;
    }
    const size_t parts = threads == 1 || rows * weights->base.outputs * weights->base.depth < 1 << 17 ? 1 : 4 * threads;
    p.panels_each = (weights->panels + parts - 1) / parts;
    ck_pool_run(pool, (weights->panels + p.panels_each - 1) / p.panels_each, multiply_part, &p);
}

void f32_product(const products *self, const float *x, size_t x_stride, size_t rows, size_t depth, const float *w,
                 size_t output_stride, size_t depth_stride, size_t outputs, float scale, float *y, size_t y_stride,
                 ck_pool *pool) {
    const f32_kernels *kernels = self->kernels;
    const size_t panel_width = width(kernels), panels = (outputs + panel_width - 1) / panel_width;
    const size_t numbers = panels * panel_width * depth, biases = panels * panel_width;
    float *data = ck_pool_scratch(pool, ck_pool_threads(pool) + 1, (numbers + biases) * sizeof(float));
    const ck_weights base = {.products = self, .outputs = outputs, .depth = depth, .panel = panel_width};
    const f32_weights packed = {base, kernels, panels, data, data + numbers};
    memset(packed.bias, 0, biases * sizeof(float));
    pack(&packed, w, output_stride, depth_stride, scale);
    f32_multiply(&packed.base, x, x_stride, rows, y, y_stride, CK_LINEAR, 0, pool);
}
