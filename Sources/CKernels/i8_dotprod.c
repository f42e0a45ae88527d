#if defined(__aarch64__)
#include <arm_neon.h>

#define TARGET __attribute__((target("arch=armv8.2-a+dotprod")))
#define NAME(x) x##_dotprod
#define BYTES 16
#define MOST_ROWS 12
#define STORED int8_t
#define LEAST INT8_MIN
#define DOT(s, a, w) (vector_dotprod)vdotq_s32((int32x4_t)(s), (int8x16_t)(a), (int8x16_t)(w))
#include "i8_dot.h"
#endif
