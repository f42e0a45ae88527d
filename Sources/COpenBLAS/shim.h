#pragma once
#include <cblas.h>
#include <stdlib.h>

// Declared here because not every cblas.h declares them.
extern char *openblas_get_corename(void);

// OpenBLAS exports these two and puts them in no header. Weak, so that a build without run-time dispatch still links.
extern void gotoblas_dynamic_init(void) __attribute__((weak));
extern void gotoblas_dynamic_quit(void) __attribute__((weak));

/// Makes OpenBLAS take the kernels called `core` (such as "SKYLAKEX") in place of those it chose when it was loaded.
/// Only before the first BLAS call. Returns 0 where the library cannot choose at run time.
static inline int openblas_select_core(const char *core) {
    if (!gotoblas_dynamic_init || !gotoblas_dynamic_quit || setenv("OPENBLAS_CORETYPE", core, 1) != 0) {
        return 0;
    }
    gotoblas_dynamic_quit();
    gotoblas_dynamic_init();
    unsetenv("OPENBLAS_CORETYPE");  // our choice, not the user's: children choose for themselves
    return 1;
}

/// Whether this processor (and the operating system) runs AVX-512 with the byte, doubleword and short-vector parts.
static inline int processor_has_avx512(void) {
#if defined(__x86_64__)
    return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
           __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl");
#else
    return 0;
#endif
}

/// Whether this processor (and the operating system) runs AVX2 and fused multiply-add.
static inline int processor_has_avx2(void) {
#if defined(__x86_64__)
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
#else
    return 0;
#endif
}
