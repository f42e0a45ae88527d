#define TARGET
#define LANES_F32 4
#define MOST_ROWS 4
#define NAME(x) x##_portable
#include "f32_kernel.h"
