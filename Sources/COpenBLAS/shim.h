/// The types of OpenBLAS's functions. The module names no library to link: CKernels loads it when a back end needs it
/// (docs/decisions/017-openblas.md).
#pragma once
#if __has_include(<cblas-openblas.h>)
#include <cblas-openblas.h>  // Debian's name, which no other BLAS takes over
#else
#include <cblas.h>
#endif
