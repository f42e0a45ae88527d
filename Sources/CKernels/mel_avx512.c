#if defined(__x86_64__)
#define TARGET __attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,avx2,fma")))
#define LANES_MEL 16
#define NAME(x) x##_avx512
#include "mel_kernel.h"
#endif
