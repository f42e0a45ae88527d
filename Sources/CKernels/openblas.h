// OpenBLAS, loaded when a back end first asks for it.
#pragma once

#include "../COpenBLAS/shim.h"

typedef struct {
    __typeof__(&cblas_sgemm) sgemm;
    __typeof__(&cblas_sgemv) sgemv;
    const char *core;  // the kernels that it has chosen for this processor, such as "Haswell"
} openblas_library;

// The library with one thread and the right kernels; NULL where it is not installed.
const openblas_library *openblas(void);
