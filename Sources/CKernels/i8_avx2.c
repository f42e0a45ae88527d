#if defined(__x86_64__)
#define TARGET __attribute__((target("avx2,fma")))
#define NAME(x) x##_avx2
#define WIDTH 16
#define STORED int16_t
#include "i8_common.h"

#include <immintrin.h>

// Widens weights to 16 bits for vpmaddwd, whose sum is exact; vpmaddubsw would saturate at two large products.
static inline __attribute__((always_inline)) TARGET void tile(const int ROWS, const int8_t *panel, const int16_t *x,
                                                              size_t x_stride, size_t depth, int32_t *sums,
                                                              const int8_t *ahead, size_t ahead_step) {
    __m256i sum[I8_TALLEST_TILE][2];
#pragma clang loop unroll(full)
    for (int r = 0; r < ROWS; r++) {
        sum[r][0] = sum[r][1] = _mm256_setzero_si256();
    }
    for (size_t k = 0; k < depth; k += 2) {
        __builtin_prefetch(ahead + k / 2 * ahead_step, 0, 2);
        const __m256i w0 = _mm256_cvtepi8_epi16(_mm_loadu_si128((const __m128i *)(panel + 16 * k)));
        const __m256i w1 = _mm256_cvtepi8_epi16(_mm_loadu_si128((const __m128i *)(panel + 16 * k + 16)));
#pragma clang loop unroll(full)
        for (int r = 0; r < ROWS; r++) {
            int32_t two;
            memcpy(&two, x + r * x_stride + k, sizeof two);
            const __m256i a = _mm256_set1_epi32(two);
            sum[r][0] = _mm256_add_epi32(sum[r][0], _mm256_madd_epi16(a, w0));
            sum[r][1] = _mm256_add_epi32(sum[r][1], _mm256_madd_epi16(a, w1));
        }
    }
#pragma clang loop unroll(full)
    for (int r = 0; r < ROWS; r++) {
        _mm256_storeu_si256((__m256i *)(sums + 16 * r), sum[r][0]);
        _mm256_storeu_si256((__m256i *)(sums + 16 * r + 8), sum[r][1]);
    }
}

// A tile of one row. Nothing is prefetched, since the weights of a recurrence stay in the second-level cache.
static TARGET void row(const int8_t *panel, const int16_t *x, size_t depth, int32_t *sums) {
    __m256i sum[2][2];
#pragma clang loop unroll(full)
    for (int chain = 0; chain < 2; chain++) {
        sum[chain][0] = sum[chain][1] = _mm256_setzero_si256();
    }
    for (size_t k = 0; k < depth; k += 8) {
#pragma clang loop unroll(full)
        for (size_t pair = 0; pair < 4; pair++) {
            const size_t at = k + 2 * pair;
            if (at < depth) {
                const __m256i w0 = _mm256_cvtepi8_epi16(_mm_loadu_si128((const __m128i *)(panel + 16 * at)));
                const __m256i w1 = _mm256_cvtepi8_epi16(_mm_loadu_si128((const __m128i *)(panel + 16 * at + 16)));
                int32_t two;
                memcpy(&two, x + at, sizeof two);
                const __m256i a = _mm256_set1_epi32(two);
                sum[pair % 2][0] = _mm256_add_epi32(sum[pair % 2][0], _mm256_madd_epi16(a, w0));
                sum[pair % 2][1] = _mm256_add_epi32(sum[pair % 2][1], _mm256_madd_epi16(a, w1));
            }
        }
    }
    _mm256_storeu_si256((__m256i *)sums, _mm256_add_epi32(sum[0][0], sum[1][0]));
    _mm256_storeu_si256((__m256i *)(sums + 8), _mm256_add_epi32(sum[0][1], sum[1][1]));
}

#define CASE(ROWS)                                                        \
    case ROWS:                                                            \
        tile(ROWS, panel, x, x_stride, depth, sums, ahead, ahead_step);   \
        break;

static TARGET void tile_avx2(size_t rows, const int8_t *panel, const void *x, size_t x_stride, size_t depth,
                             int32_t *sums, const int8_t *ahead, size_t ahead_step) {
    switch (rows) {
    case 1:
        row(panel, x, depth, sums);
        break;
        CASE(2) CASE(3) CASE(4) CASE(5)
    }
}

const i8_kernels i8_avx2 = {
    WIDTH, 5, 2, 2, 0, tile_avx2, quantise_avx2, quantise_weights_avx2, range_avx2, finish_avx2};
#endif
