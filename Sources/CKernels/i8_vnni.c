#if defined(__x86_64__)
#include <immintrin.h>

#define TARGET __attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,avx512vnni,avx2,fma")))
#define NAME(x) x##_vnni
#define BYTES 64
#define MOST_ROWS 14
#define STORED uint8_t
#define LEAST 0
#define DOT(s, a, w) (vector_vnni)_mm512_dpbusd_epi32((__m512i)(s), (__m512i)(a), (__m512i)(w))
#include "i8_dot.h"
#endif
