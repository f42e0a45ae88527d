#include "mel.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "mel_plan.h"
#include "products.h"

// Writes e^(−2πi·turns) at `to`.
static void write_root(float *to, double turns) {
    to[0] = (float)cos(2 * M_PI * turns);
    to[1] = (float)-sin(2 * M_PI * turns);
}

// Divides the complex transform into passes. Passes of radix 4 cost least.
static void plan_passes(ck_mel *mel) {
    static const size_t radices[] = {4, 2, 3, 5};
    size_t left = mel->half;
    for (size_t index = 0; index < 4; index++) {
        while (left % radices[index] == 0) {
            left /= radices[index];
            mel->pass[mel->passes++] = (mel_pass){.radix = radices[index], .length = left};
        }
    }
}

ck_mel *ck_mel_create(const ck_backend *backend, size_t size, size_t hop, const float *window, const ck_band *bands,
                      size_t band_count) {
    ck_mel *mel = calloc(1, sizeof *mel);
    if (mel == NULL) {
        return NULL;
    }
    mel->kernels = backend->mel;
    mel->size = size;
    mel->hop = hop;
    mel->half = size / 2;
    mel->bands = band_count;
    plan_passes(mel);
    size_t numbers = size + 2 * (mel->half / 2 + 1);
    for (size_t index = 0; index < mel->passes; index++) {
        numbers += 2 * mel->pass[index].length * (mel->pass[index].radix - 1);
    }
    for (size_t band = 0; band < band_count; band++) {
        numbers += bands[band].count;
    }
    mel->tables = allocate_lines(numbers * sizeof(float));
    mel->band = calloc(band_count + 1, sizeof *mel->band);
    mel->place = calloc(size, sizeof *mel->place);
    if (mel->tables == NULL || mel->band == NULL || mel->place == NULL) {
        ck_mel_free(mel);
        return NULL;
    }
    for (size_t n = 0; n < size; n++) {
        mel->place[n] = n % hop * mel_columns(mel, mel->kernels->lanes) + n / hop;
    }
    float *next = mel->window = mel->tables;
    for (size_t n = 0; n < size; n++) {
        *next++ = window[n] / 2;
    }
    mel->splits = next;
    for (size_t k = 0; k <= mel->half / 2; k++, next += 2) {
        write_root(next, (double)k / (double)size);
    }
    for (size_t index = 0; index < mel->passes; index++) {
        mel_pass *pass = &mel->pass[index];
        pass->twiddles = next;
        for (size_t k = 0; k < pass->length; k++) {
            for (size_t j = 1; j < pass->radix; j++, next += 2) {
                write_root(next, (double)(j * k) / (double)(pass->radix * pass->length));
            }
        }
    }
    for (size_t band = 0; band < band_count; band++) {
        mel->band[band] = (ck_band){bands[band].first, bands[band].count, next};
        memcpy(next, bands[band].weights, bands[band].count * sizeof(float));
        next += bands[band].count;
    }
    return mel;
}

void ck_mel_free(ck_mel *mel) {
    if (mel != NULL) {
        free(mel->tables);
        free(mel->band);
        free(mel->place);
    }
    free(mel);
}

typedef struct {
    const ck_mel *mel;
    const float *signal;
    float *energies;
    size_t frames;
    ck_pool *pool;
} spectra;

// The frames of one group, which fill a vector.
static void compute_group(void *context, size_t index, size_t worker) {
    const spectra *all = context;
    const ck_mel *mel = all->mel;
    const size_t lanes = mel->kernels->lanes, first = index * lanes;
    const size_t frames = all->frames - first < lanes ? all->frames - first : lanes;
    mel->kernels->energies(mel, all->signal + first * mel->hop, frames, all->energies + first * mel->bands,
                           ck_pool_scratch(all->pool, worker, mel_scratch(mel, lanes) * sizeof(float)));
}

void ck_mel_energies(const ck_mel *mel, const float *signal, size_t frames, float *energies, ck_pool *pool) {
    spectra all = {mel, signal, energies, frames, pool};
    const size_t lanes = mel->kernels->lanes;
    ck_pool_run(pool, (frames + lanes - 1) / lanes, compute_group, &all);
}
