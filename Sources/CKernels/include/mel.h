/// Mel spectra of the frames of a signal: window, discrete Fourier transform, power, bands.
#pragma once

#include <stddef.h>

#include "backend.h"
#include "thread_pool.h"

#ifdef __cplusplus
extern "C" {
#endif

/// A triangular filter, or any other weighted sum of successive frequencies.
typedef struct {
    size_t first, count;   // the frequencies with weights, in 0…size/2; count may be 0
    const float *weights;  // [count]
} ck_band;

/// The tables for frames of one size; immutable.
typedef struct ck_mel ck_mel;

/// Makes the tables for frames of `size` samples, `hop` samples apart, under `window` [size]. The arrays are copied.
///
/// `size` is even and at least 4, and size/2 a product of powers of 2, 3 and 5. Returns NULL only if memory is exhausted.
ck_mel *ck_mel_create(const ck_backend *backend, size_t size, size_t hop, const float *window, const ck_band *bands,
                      size_t band_count);
void ck_mel_free(ck_mel *mel);

/// energies [frames, bands] ← for each frame i of `signal`, which starts at sample i·hop, the sum of each band over
/// |DFT of window · frame|². The signal has (frames − 1)·hop + size samples. A frame's energies do not depend on the
/// frames computed with it, nor on the number of threads.
void ck_mel_energies(const ck_mel *mel, const float *signal, size_t frames, float *energies, ck_pool *pool);

#ifdef __cplusplus
}
#endif
