#include "gemm.h"

#include <stdlib.h>
#include <time.h>

#include "products.h"

ck_weights *ck_pack(const ck_backend *backend, ck_precision precision, const float *w, size_t stride, size_t outputs,
                    size_t depth, const float *bias) {
    const products *products = &backend->precisions[precision];
    return products->pack(products, w, stride, outputs, depth, bias);
}

void ck_free(ck_weights *weights) {
    for (int index = 0; weights != NULL && index < MOST_ARRAYS; index++) {
        free(weights->arrays[index]);
    }
    free(weights);
}

size_t ck_weights_bytes(const ck_weights *weights) {
    return weights->bytes;
}

size_t ck_weights_panel(const ck_weights *weights) {
    return weights->panel;
}

void ck_multiply(const ck_weights *weights, const float *x, size_t x_stride, size_t rows, float *y, size_t y_stride,
                 ck_activation activation, int together, ck_pool *pool) {
    if (rows != 0) {
        weights->products->multiply(weights, x, x_stride, rows, y, y_stride, activation, together, pool);
    }
}

void ck_add_row(const ck_weights *weights, const float *x, float *y, size_t first, size_t count, int backwards,
                ck_pool *pool) {
    weights->products->add_row(weights, x, y, first, count, backwards, pool);
}

void ck_product(const ck_backend *backend, const float *x, size_t x_stride, size_t rows, size_t depth, const float *w,
                size_t output_stride, size_t depth_stride, size_t outputs, float scale, float *y, size_t y_stride,
                ck_pool *pool) {
    const products *products = &backend->precisions[CK_FP32];
    products->product(products, x, x_stride, rows, depth, w, output_stride, depth_stride, outputs, scale, y, y_stride,
                      pool);
}

double ck_peak(const ck_backend *backend, ck_precision precision) {
    const products *products = &backend->precisions[precision];
    return products->peak(products);
}

void *allocate_lines(size_t bytes) {
    return aligned_alloc(64, (bytes + 63) & ~(size_t)63);
}

ck_weights *allocate_weights(size_t size, const products *products, size_t outputs, size_t depth, size_t panel,
                             const size_t bytes[MOST_ARRAYS]) {
    ck_weights *weights = calloc(1, size);
    if (weights == NULL) {
        return NULL;
    }
    weights->products = products;
    weights->outputs = outputs;
    weights->depth = depth;
    weights->panel = panel;
    for (int index = 0; index < MOST_ARRAYS && bytes[index] != 0; index++) {
        weights->arrays[index] = allocate_lines(bytes[index]);
        if (weights->arrays[index] == NULL) {
            ck_free(weights);
            return NULL;
        }
        weights->bytes += bytes[index];
    }
    return weights;
}

double ck_thread_time(void) {
    struct timespec time;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return (double)time.tv_sec + 1e-9 * (double)time.tv_nsec;
}

double best_rate(size_t macs, void (*work)(void *context), void *context) {
    // A trial takes a millisecond at the rate of a slow processor, and 20 leave the best undisturbed.
    enum { TRIALS = 20, MACS_OF_A_TRIAL = 5000000 };
    const size_t repetitions = MACS_OF_A_TRIAL / macs + 1;
    double best = 0;
    for (int trial = 0; trial < TRIALS; trial++) {
        const double start = ck_thread_time();
        for (size_t i = 0; i < repetitions; i++) {
            work(context);
        }
        const double rate = (double)(macs * repetitions) / (ck_thread_time() - start);
        best = rate > best ? rate : best;
    }
    return best;
}
