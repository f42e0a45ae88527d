// The tables of mel.c, and the kernels of one back end that read them.
//
// A transform of n real numbers is one of n/2 complex numbers, its even and odd numbers, which is then split. Several
// frames are computed side by side, one in each lane of a vector, so that every operation is one of whole vectors and no
// lane depends on another.
#pragma once

#include "mel.h"

enum { MOST_PASSES = 20 };

// One pass of the complex transform: it joins `radix` transforms of `length` numbers each.
typedef struct {
    size_t radix, length;
    const float *twiddles;  // [length][radix − 1][2]: e^(−2πi·jk / (radix·length)) at [k][j − 1]
} mel_pass;

typedef struct mel_kernels {
    size_t lanes;  // frames computed side by side
    // As ck_mel_energies, for at most `lanes` frames; `scratch` holds mel_scratch numbers, aligned to cache lines.
    void (*energies)(const ck_mel *mel, const float *signal, size_t frames, float *energies, float *scratch);
} mel_kernels;

struct ck_mel {
    const mel_kernels *kernels;
    size_t size, hop, half, bands;
    size_t passes;
    mel_pass pass[MOST_PASSES];  // the last computed comes first
    size_t *place;               // [size]: where the transposed signal has sample n of the first frame
    float *window;               // [size], halved
    float *splits;               // [half/2 + 1][2]: e^(−2πik / size)
    ck_band *band;               // [bands]; the weights are in `tables`
    float *tables;
};

// Columns of the transposed signal, in which sample t of a group is at [t % hop][t / hop]: a frame's sample n and the
// next frame's lie side by side.
static inline size_t mel_columns(const ck_mel *mel, size_t lanes) {
    return lanes + (mel->size - 1) / mel->hop;
}

// Numbers of scratch memory: complex spectrum, power and transposed signal.
static inline size_t mel_scratch(const ck_mel *mel, size_t lanes) {
    return (3 * mel->half + 1) * lanes + mel->hop * mel_columns(mel, lanes);
}

extern const mel_kernels mel_portable, mel_avx2, mel_avx512;
