#define TARGET
#define LANES_MEL 4
#define NAME(x) x##_portable
#include "mel_kernel.h"
