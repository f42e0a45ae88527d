#if defined(__x86_64__)
#define TARGET __attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,avx2,fma")))
#define LANES_F32 16
#define MOST_ROWS 14
#define NAME(x) x##_avx512
#include "f32_kernel.h"
#endif
