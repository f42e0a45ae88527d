#if defined(__x86_64__)
#define TARGET __attribute__((target("avx2,fma")))
#define LANES_MEL 8
#define NAME(x) x##_avx2
#include "mel_kernel.h"
#endif
