#if defined(__aarch64__)
#define TARGET
#define LANES_F32 4
#define MOST_ROWS 12
#define NAME(x) x##_neon
#include "f32_kernel.h"
#endif
