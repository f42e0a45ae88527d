#include "CKernels.h"
typedef int ckernels_not_empty;
