#include "level.h"

#include <stdlib.h>
#include <string.h>

static const char *const names[] = {"portable", "avx2", "avx512"};

ck_level ck_level_supported(void) {
#if defined(__x86_64__)
    if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
        __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl")) {
        return CK_AVX512;
    }
    if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) {
        return CK_AVX2;
    }
#endif
    return CK_PORTABLE;
}

// The level asked for; -1 if it is none that we know, -2 if none is.
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
    return level == -2 || (level >= 0 && level <= (int)ck_level_supported());
}

// Before main, so that no thread reads the environment while another changes it.
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

int ck_level_has_vnni(ck_level level) {
#if defined(__x86_64__)
    return level == CK_AVX512 && __builtin_cpu_supports("avx512vnni");
#else
    (void)level;
    return 0;
#endif
}

const char *ck_level_name(ck_level level) {
    return names[level];
}
