#include "level.h"

#include <stdlib.h>
#include <string.h>

static const char *const names[] = {"portable", "avx2", "avxvnni", "avx512"};

int ck_level_runs(ck_level level) {
    switch (level) {
    case CK_PORTABLE:
        return 1;
#if defined(__x86_64__)
    case CK_AVX2:
        return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
    case CK_AVXVNNI:
        return ck_level_runs(CK_AVX2) && __builtin_cpu_supports("avxvnni");
    case CK_AVX512:
        return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
               __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl");
#endif
    default:
        return 0;
    }
}

ck_level ck_level_supported(void) {
    int level = CK_AVX512;
    while (!ck_level_runs((ck_level)level)) {
        level--;
    }
    return (ck_level)level;
}

// The level that EMOSCOPE_KERNELS names; -1 for an unknown name, -2 if the variable is unset.
static int requested(void) {
    const char *name = getenv("EMOSCOPE_KERNELS");
    if (name == NULL) {
        return -2;
    }
    for (int level = CK_PORTABLE; level <= CK_AVX512; level++) {
        if (strcmp(name, names[level]) == 0) {
            return level;
        }
    }
    return -1;
}

int ck_level_request_is_sound(void) {
    const int level = requested();
    return level == -2 || (level >= 0 && ck_level_runs((ck_level)level));
}

// Chosen before main, so that no thread reads the environment while another changes it.
static ck_level chosen = CK_PORTABLE;

__attribute__((constructor)) static void choose(void) {
#if defined(__x86_64__)
    __builtin_cpu_init();
#endif
    const int level = requested();
    chosen = level >= 0 && ck_level_request_is_sound() ? (ck_level)level : ck_level_supported();
}

ck_level ck_level_chosen(void) {
    return chosen;
}

const char *ck_level_name(ck_level level) {
    return names[level];
}
