#if defined(__x86_64__)
#include <immintrin.h>

#define TARGET __attribute__((target("avxvnni,avx2,fma")))
#define NAME(x) x##_avxvnni
#define BYTES 32
#define MOST_ROWS 6
#define STORED uint8_t
#define LEAST 0
#define DOT(s, a, w) (vector_avxvnni)_mm256_dpbusd_avx_epi32((__m256i)(s), (__m256i)(a), (__m256i)(w))
#include "i8_dot.h"
#endif
