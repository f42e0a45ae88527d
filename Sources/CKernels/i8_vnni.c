#if defined(__x86_64__)
#define TARGET __attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,avx512vnni,avx2,fma")))
#define NAME(x) x##_vnni
#define STORED uint8_t
#define OFFSET 128
#include "i8_common.h"

#include <immintrin.h>

// vpdpbusd adds four products of unsigned and signed bytes to 32 bits, without saturation.
static inline __attribute__((always_inline)) TARGET void tile(const int ROWS, const int8_t *panel, const uint8_t *x,
                                                              size_t x_stride, size_t depth, int32_t *sums) {
    __m512i sum[I8_TALLEST_TILE][2];
#pragma clang loop unroll(full)
    for (int r = 0; r < ROWS; r++) {
        sum[r][0] = sum[r][1] = _mm512_setzero_si512();
    }
    for (size_t k = 0; k < depth; k += 4) {
        const __m512i w0 = _mm512_loadu_si512(panel + 32 * k), w1 = _mm512_loadu_si512(panel + 32 * k + 64);
#pragma clang loop unroll(full)
        for (int r = 0; r < ROWS; r++) {
            int32_t four;
            memcpy(&four, x + r * x_stride + k, sizeof four);
            const __m512i a = _mm512_set1_epi32(four);
            sum[r][0] = _mm512_dpbusd_epi32(sum[r][0], a, w0);
            sum[r][1] = _mm512_dpbusd_epi32(sum[r][1], a, w1);
        }
    }
#pragma clang loop unroll(full)
    for (int r = 0; r < ROWS; r++) {
        _mm512_storeu_si512(sums + 32 * r, sum[r][0]);
        _mm512_storeu_si512(sums + 32 * r + 16, sum[r][1]);
    }
}

#define CASE(ROWS)                                     \
    case ROWS:                                         \
        tile(ROWS, panel, x, x_stride, depth, sums);   \
        break;

static TARGET void tile_vnni(size_t rows, const int8_t *panel, const void *x, size_t x_stride, size_t depth,
                             int32_t *sums) {
    switch (rows) {
        CASE(1) CASE(2) CASE(3) CASE(4) CASE(5) CASE(6) CASE(7) CASE(8) CASE(9) CASE(10) CASE(11) CASE(12) CASE(13)
        CASE(14)
    }
}

const i8_kernels i8_vnni = {32, 14, 4, 1, tile_vnni, quantise_vnni, greatest_magnitude_vnni, finish_vnni};
#endif
