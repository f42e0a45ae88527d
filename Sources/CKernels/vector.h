// Shared parts of the kernels: the attribute that compiles a function for each processor, and the elementary functions.
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

// Inlines a function into each clone, so that it is compiled for that clone's processor.
#define INLINE static inline __attribute__((always_inline))

// Independent lanes of a reduction: those of two AVX-512 registers.
enum { LANES = 32 };

INLINE float clamp(float x, float low, float high) {
    x = x < low ? low : x;
    return x > high ? high : x;
}

// Evaluates a polynomial by Horner's rule, the coefficient of the highest power first. The loop unrolls once inlined.
INLINE float polynomial(float x, const float *coefficients, int count) {
    float p = coefficients[0];
    for (int i = 1; i < count; i++) {
        p = p * x + coefficients[i];
    }
    return p;
}

// The polynomial of x with the coefficients in the remaining arguments.
#define POLYNOMIAL(x, ...) \
    polynomial(x, (const float[]){__VA_ARGS__}, sizeof((const float[]){__VA_ARGS__}) / sizeof(float))

// e^x, relative error 2e-7; saturates at e^±87. The result is 2^n, built from its bits, times a polynomial on
// [−ln2/2, ln2/2], fitted by least squares with Lawson weights.
INLINE float exponential(float x) {
    x = clamp(x, -87.0f, 87.0f);
    const float rounding = 12582912.0f;  // 1.5·2²³: adding it rounds to the nearest integer
    float n = (x * 1.44269504f + rounding) - rounding;
    float r = x - n * 0.693359375f + n * 2.12194440e-4f;  // ln 2 in two parts
    float p = POLYNOMIAL(r, 0.001381461275741458f, 0.008368710055947304f, 0.04166838899254799f, 0.1666652113199234f,
                         0.4999999403953552f);
    p = p * r * r + r + 1.0f;
    int32_t bits = ((int32_t)n + 127) << 23;
    float power;
    memcpy(&power, &bits, sizeof power);
    return p * power;
}

// erf x, absolute error 5e-7: an odd polynomial on [−3.7, 3.7], at whose ends |erf| is within 2e-7 of 1. It avoids a
// division, which would take longer than all the rest. The coefficients come from a least-squares fit with Lawson
// weights (error of the fit itself 1.5e-7).
INLINE float error_function(float x) {
    x = clamp(x, -3.7f, 3.7f);
    float t = x * x * 0.14609204232692719f - 1.0f;  // x² on [−1, 1]
    return x * POLYNOMIAL(t, -0.0015046758344396949f, 0.003927413374185562f, -0.0036473367363214493f,
                          0.0052232216112315655f, -0.014151702634990215f, 0.025146152824163437f,
                          -0.036200251430273056f, 0.05147535353899002f, -0.07043664157390594f, 0.09062489122152328f,
                          -0.11264556646347046f, 0.14078953862190247f, -0.1904677301645279f, 0.3821375370025635f);
}

// x·Φ(x).
INLINE float gelu(float x) {
    return 0.5f * x * (1.0f + error_function(x * 0.707106781f));
}

// log10 x of a positive normal number, absolute error 1e-6. x = 2^e·(1 + f) with 1 + f between √½ and √2;
// ln(1 + f) = f·p(f), with the polynomial p fitted as above (error of the fit itself 5e-9).
INLINE float decimal_logarithm(float x) {
    int32_t bits;
    memcpy(&bits, &x, sizeof bits);
    const int32_t exponent = (bits - 0x3f3504f3) >> 23;
    bits -= exponent * (1 << 23);
    float mantissa;
    memcpy(&mantissa, &bits, sizeof mantissa);
    const float f = mantissa - 1.0f;
    const float p = POLYNOMIAL(f, 0.08692901581525803f, -0.14577113091945648f, 0.15067598223686218f,
                               -0.16532908380031586f, 0.19938839972019196f, -0.25003287196159363f, 0.3333500921726227f,
                               -0.4999997317790985f, 0.9999998807907104f);
    return (float)exponent * 0.30102999566f + p * f * 0.4342944819f;
}

INLINE float sigmoid(float x) {
    return 1.0f / (1.0f + exponential(-x));
}

INLINE float hyperbolic_tangent(float x) {
    return 1.0f - 2.0f / (1.0f + exponential(2.0f * clamp(x, -20.0f, 20.0f)));
}
