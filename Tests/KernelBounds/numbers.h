// Random sizes and numbers that are the same on every run.
#pragma once

#include <stdlib.h>

static unsigned long long state = 1;

// Uniform in least…most.
static inline size_t size(size_t least, size_t most) {
    state = state * 6364136223846793005ull + 1442695040888963407ull;
    return least + (size_t)(state >> 33) % (most - least + 1);
}

// Uniform in ±2, in a buffer of exactly this length, so that a read beyond it is detected.
static inline float *numbers(size_t count) {
    float *x = malloc(count * sizeof *x);
    for (size_t i = 0; i < count; i++) {
        x[i] = (float)size(0, 4000) / 1000 - 2;
    }
    return x;
}
