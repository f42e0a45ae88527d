// What the kernels share: the compile-for-each-processor attribute and the elementary functions.
#pragma once

#include <math.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#if defined(__x86_64__) && defined(__ELF__)
#define CLONES __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define CLONES
#endif

// Inlined into each clone, so that it is compiled for that clone's processor.
#define INLINE static inline __attribute__((always_inline))

// Reductions run in this many independent lanes: two AVX-512 registers' worth.
enum { LANES = 32 };

INLINE float clamp(float x, float low, float high) {
    x = x < low ? low : x;
    return x > high ? high : x;
}

// e^x, relative error 2e-7; saturates at e^±87. 2^n by its bits times a polynomial on [−ln2/2, ln2/2], fitted by
// least squares with Lawson weights.
INLINE float exponential(float x) {
    x = clamp(x, -87.0f, 87.0f);
    const float rounding = 12582912.0f;  // 1.5·2²³: adding it rounds to the nearest integer
    float n = (x * 1.44269504f + rounding) - rounding;
    float r = x - n * 0.693359375f + n * 2.12194440e-4f;  // ln 2 in two parts
    float p = 0.001381461275741458f;
    p = p * r + 0.008368710055947304f;
    p = p * r + 0.04166838899254799f;
    p = p * r + 0.1666652113199234f;
    p = p * r + 0.4999999403953552f;
    p = p * r * r + r + 1.0f;
    int32_t bits = ((int32_t)n + 127) << 23;
    float power;
    memcpy(&power, &bits, sizeof power);
    return p * power;
}

// erf x, absolute error 5e-7: an odd rational function on [−3.92, 3.92], where erf reaches 1 in single precision.
// Coefficients from a weighted least-squares fit (error of the fit itself 2e-8).
INLINE float error_function(float x) {
    x = clamp(x, -3.92f, 3.92f);
    float t = x * x;
    float p = 2.0347381450847024e-06f;
    p = p * t + 0.00028747780015692115f;
    p = p * t + 0.0038682781159877777f;
    p = p * t + 0.05306033417582512f;
    p = p * t + 0.19276297092437744f;
    p = p * t + 1.128378987312317f;
    float q = 3.8070586015237495e-05f;
    q = q * t + 0.0011881020618602633f;
    q = q * t + 0.0151722002774477f;
    q = q * t + 0.11508417129516602f;
    q = q * t + 0.504163384437561f;
    q = q * t + 1.0f;
    return x * p / q;
}

INLINE float sigmoid(float x) {
    return 1.0f / (1.0f + exponential(-x));
}

INLINE float hyperbolic_tangent(float x) {
    return 1.0f - 2.0f / (1.0f + exponential(2.0f * clamp(x, -20.0f, 20.0f)));
}
