// Loads OpenBLAS, rather than linking it, so that it starts no threads and takes no time where no product needs it:
// linked, it would start a thread for each processor before main (docs/decisions/017-openblas.md).
#include <dlfcn.h>
#include <pthread.h>
#include <stdlib.h>
#include <strings.h>

#include "backend.h"
#include "openblas.h"

static const char file[] = "libopenblas.so.0";
static openblas_library library;
static const openblas_library *loaded;

// Debian 12's version (0.3.21) takes processors that are newer than itself for the oldest one it knows, a Prescott with
// SSE3, whose kernels have a quarter of the speed.
const char *ck_openblas_better_core(const char *core, int has_avx2, int has_avx512) {
    if (strcasecmp(core, "Prescott") != 0) {
        return NULL;
    }
    return has_avx512 ? "SKYLAKEX" : has_avx2 ? "HASWELL" : NULL;
}

// The core that this processor needs in place of `core`, unless the user has chosen one.
static const char *better_core(const char *core) {
#if defined(__x86_64__)
    if (getenv("OPENBLAS_CORETYPE") == NULL) {
        const int has_avx2 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
        const int has_avx512 = __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl");
        return ck_openblas_better_core(core, has_avx2, has_avx512);
    }
#endif
    (void)core;
    return NULL;
}

// Opens the library while a variable of the environment, which it reads at its start, has a value.
static void *open_with(const char *variable, const char *value) {
    const int unset = getenv(variable) == NULL;
    if (unset) {
        setenv(variable, value, 1);
    }
    void *handle = dlopen(file, RTLD_NOW | RTLD_LOCAL);
    if (unset) {
        unsetenv(variable);
    }
    return handle;
}

static void load(void) {
    // Without the variable, the library starts its threads as it is opened.
    const char *const threads = "OPENBLAS_NUM_THREADS";
    void *handle = open_with(threads, "1");
    if (handle == NULL) {
        return;
    }
    __typeof__(&openblas_get_corename) core = (__typeof__(core))dlsym(handle, "openblas_get_corename");
    const char *better = core == NULL ? NULL : better_core(core());
    if (better != NULL) {
        // The core is chosen as the library is opened.
        dlclose(handle);
        setenv("OPENBLAS_CORETYPE", better, 1);
        handle = open_with(threads, "1");
        unsetenv("OPENBLAS_CORETYPE");
        core = handle == NULL ? NULL : (__typeof__(core))dlsym(handle, "openblas_get_corename");
    }
    if (handle == NULL) {
        return;
    }
    __typeof__(&openblas_set_num_threads) set = (__typeof__(set))dlsym(handle, "openblas_set_num_threads");
    library.sgemm = (__typeof__(library.sgemm))dlsym(handle, "cblas_sgemm");
    library.sgemv = (__typeof__(library.sgemv))dlsym(handle, "cblas_sgemv");
    if (core == NULL || set == NULL || library.sgemm == NULL || library.sgemv == NULL) {
        dlclose(handle);
        return;
    }
    // For the OpenMP build, and for a user whose environment asks for more.
    set(1);
    library.core = core();
    loaded = &library;
}

const openblas_library *openblas(void) {
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, load);
    return loaded;
}
