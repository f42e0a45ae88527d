#if defined(__x86_64__)
#define TARGET __attribute__((target("avx2,fma")))
#define LANES_F32 8
#define MOST_ROWS 6
#define NAME(x) x##_avx2
#include "f32_kernel.h"
#endif
