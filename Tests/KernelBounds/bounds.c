// Runs every kernel on buffers of exactly the size that it may touch, under AddressSanitizer and
// UndefinedBehaviorSanitizer (scripts/kernel-bounds). Tests/ModelTests/Math and twins.c check the results; here they only
// have to be finite.
#include <dirent.h>
#include <math.h>
#include <stdio.h>

#include "CKernels.h"
#include "numbers.h"

// 1 where an emulator runs this.
#ifndef EMULATED
#define EMULATED 0
#endif

// Rounds of random shapes for each number of threads. An emulator and a sanitizer together take long.
enum { ROUNDS = EMULATED ? 60 : 300 };

static void end(float *x, size_t count) {
    for (size_t i = 0; i < count; i++) {
        if (!isfinite(x[i])) {
            fprintf(stderr, "a result is not finite\n");
            exit(1);
        }
    }
    free(x);
}

static void products(ck_pool *pool) {
    const size_t outputs = size(1, 100), depth = size(1, 10) == 1 ? size(1000, 2200) : size(1, 140);
    const size_t rows = size(1, 12) == 1 ? size(500, 600) : size(1, 50);
    const size_t x_stride = size(0, 1) ? size(1, depth) : depth + size(0, 5), y_stride = outputs + size(0, 5);
    const size_t x_count = (rows - 1) * x_stride + depth, y_count = (rows - 1) * y_stride + outputs;
    const ck_backend *backend = ck_backend_chosen();
    const ck_activation activation = size(0, 1) ? CK_GELU : CK_LINEAR;
    float *x = numbers(x_count), *w = numbers(outputs * depth), *bias = size(0, 1) ? numbers(outputs) : NULL;
    ck_weights *plain = ck_pack(backend, CK_FP32, w, depth, outputs, depth, bias);
    ck_weights *small = ck_pack(ck_backend_for(backend, CK_INT8), CK_INT8, w, depth, outputs, depth, bias);
    for (int kind = 0; kind < 4; kind++) {
        float *y = numbers(y_count);
        switch (kind) {
        case 0:
            ck_multiply(plain, x, x_stride, rows, y, y_stride, activation, 0, pool);
            break;
        case 1:
            ck_multiply(small, x, x_stride, rows, y, y_stride, activation, 0, pool);
            break;
        case 2:
            ck_multiply(small, x, x_stride, rows, y, y_stride, activation, 1, pool);
            break;
        default:
            ck_product(backend, x, x_stride, rows, depth, w, depth, 1, outputs, 0.5f, y, y_stride, pool);
        }
        end(y, y_count);
    }
    float *sums = numbers(outputs);
    const size_t first = size(0, (outputs - 1) / ck_weights_panel(plain)) * ck_weights_panel(plain);
    ck_add_row(plain, x, sums, first, outputs - first, (int)size(0, 1), pool);
    const size_t start = size(0, (outputs - 1) / ck_weights_panel(small)) * ck_weights_panel(small);
    ck_add_row(small, x, sums, start, outputs - start, (int)size(0, 1), pool);
    end(sums, outputs);
    ck_free(plain);
    ck_free(small);
    free(bias);
    free(w);
    free(x);
}

static void others(void) {
    const size_t rows = size(1, 9), columns = size(1, 200), count = rows * columns;
    float *x = numbers(count), *y = numbers(count), *gain = numbers(columns), *bias = numbers(columns);
    double *scratch = malloc(2 * columns * sizeof *scratch), mean, variance;
    float *halves = numbers(columns);
    ck_from_half((const char *)x + 1, halves, columns - columns / 2);
    free(halves);
    ck_gelu(x, count);
    ck_tanh(x, count);
    ck_add(x, y, count);
    ck_layer_norm(x, y, rows, columns, gain, bias, 1e-5f);
    ck_add_layer_norm(x, y, rows, columns, gain, bias, 1e-5f);
    ck_column_norm(x, rows, columns, gain, bias, 1e-5f, scratch);
    ck_column_mean(x, rows, columns, gain, scratch);
    ck_normalize_rows(x, rows, columns);
    ck_moments(x, count, &mean, &variance);
    y[0] += ck_log10(x, count, 1e-10f);
    ck_clamp_scale(x, count, -3, 2, 1);
    ck_softmax(x, rows, columns);
    end(x, count);
    end(y, count);
    end(gain, columns);
    free(bias);
    free(scratch);

    const size_t stride = size(1, 80), units = size(1, stride);
    float *gates = numbers(3 * stride + units), *cell = numbers(units), *h = numbers(units);
    ck_lstm_cell(gates, stride, cell, h, units);
    free(gates);
    end(cell, units);
    end(h, units);
}

static void spectra(ck_pool *pool) {
    static const size_t sizes[] = {4, 6, 8, 10, 32, 60, 400, 2048};
    const size_t frame = sizes[size(0, 7)], hop = size(1, 200), frames = size(1, 40), bands = size(1, 30);
    float *window = numbers(frame), *weights = numbers(frame / 2 + 1);
    ck_band *band = malloc(bands * sizeof *band);
    for (size_t index = 0; index < bands; index++) {
        const size_t first = size(0, frame / 2);
        band[index] = (ck_band){first, size(0, frame / 2 + 1 - first), weights + first};
    }
    ck_mel *mel = ck_mel_create(ck_backend_chosen(), frame, hop, window, band, bands);
    float *signal = numbers((frames - 1) * hop + frame), *energies = numbers(frames * bands);
    ck_mel_energies(mel, signal, frames, energies, pool);
    end(energies, frames * bands);
    ck_mel_free(mel);
    free(signal);
    free(band);
    free(weights);
    free(window);
}

// The threads of this process, without the emulator's.
static int threads(void) {
    DIR *tasks = opendir("/proc/self/task");
    int count = 0;
    for (const struct dirent *task; tasks != NULL && (task = readdir(tasks)) != NULL;) {
        count += task->d_name[0] != '.';
    }
    closedir(tasks);
    return count - EMULATED;
}

int main(void) {
    if (!ck_backend_request_is_sound()) {
        printf("left out: this machine does not run %s\n", getenv("EMOSCOPE_KERNELS"));
        return EMULATED;  // the emulated processor is one that runs them all
    }
    if (threads() != 1) {
        fprintf(stderr, "the %s kernels have started a thread of their own\n", ck_backend_name(ck_backend_chosen()));
        return 1;
    }
    for (size_t threads = 1; threads <= 2; threads++) {
        ck_pool *pool = ck_pool_create(threads);
        for (int round = 0; round < ROUNDS; round++) {
            products(pool);
            others();
            spectra(pool);
        }
        ck_pool_destroy(pool);
    }
    printf("%s kernels stay within their buffers\n", ck_backend_name(ck_backend_chosen()));
    return 0;
}
