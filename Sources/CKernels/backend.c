#include "backend.h"

#include <stdlib.h>
#include <string.h>
#if defined(__aarch64__)
#include <sys/auxv.h>
#endif

#include "f32.h"
#include "i8.h"
#include "mel_plan.h"
#include "openblas.h"
#include "products.h"

static int always(void) {
    return 1;
}

// OpenBLAS's kernels for SSE are slower than the portable tiles; those for AVX without AVX2 are twice as fast, and other
// architectures have kernels of their own.
static int openblas_pays(void) {
#if defined(__x86_64__)
    return __builtin_cpu_supports("avx");
#else
    return 1;
#endif
}

#if defined(__x86_64__)
static int has_avx2(void) {
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
}

static int has_avxvnni(void) {
    return has_avx2() && __builtin_cpu_supports("avxvnni");
}

static int has_avx512(void) {
    return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
           __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl");
}

static int has_avx512vnni(void) {
    return has_avx512() && __builtin_cpu_supports("avx512vnni");
}
#endif

#if defined(__aarch64__)
static int has_dotprod(void) {
    return (getauxval(AT_HWCAP) & HWCAP_ASIMDDP) != 0;
}
#endif

#define F32(SUPPORTED, KERNELS) {SUPPORTED, f32_pack, f32_multiply, f32_add_row, f32_product, f32_peak, &KERNELS}
#define I8(SUPPORTED, KERNELS) {SUPPORTED, i8_pack, i8_multiply, i8_add_row, NULL, i8_peak, &KERNELS}
#define OPENBLAS \
    {openblas_supported, openblas_pack, openblas_multiply, openblas_add_row, openblas_product, openblas_peak, NULL}

// The preferred ones first.
static const ck_backend table[] = {
#if defined(__x86_64__)
    {"avx512", always, CK_INT8, {F32(has_avx512, f32_avx512), I8(has_avx512vnni, i8_vnni)}, &mel_avx512},
    {"avxvnni", always, CK_INT8, {F32(has_avxvnni, f32_avx2), I8(has_avxvnni, i8_avxvnni)}, &mel_avx2},
    {"avx2", always, CK_INT8, {F32(has_avx2, f32_avx2), I8(has_avx2, i8_avx2)}, &mel_avx2},
#elif defined(__aarch64__)
    {"dotprod", always, CK_INT8, {F32(has_dotprod, f32_neon), I8(has_dotprod, i8_dotprod)}, &mel_portable},
    {"neon", always, CK_FP32, {F32(always, f32_neon)}, &mel_portable},
#endif
    {"openblas", openblas_pays, CK_FP32, {OPENBLAS}, &mel_portable},
    {"portable", always, CK_FP32, {F32(always, f32_portable), I8(always, i8_portable)}, &mel_portable},
};

enum { COUNT = sizeof table / sizeof table[0] };

size_t ck_backend_count(void) {
    return COUNT;
}

const ck_backend *ck_backend_at(size_t index) {
    return &table[index];
}

const char *ck_backend_name(const ck_backend *backend) {
    return backend->name;
}

int ck_backend_supports(const ck_backend *backend, ck_precision precision) {
    int (*supported)(void) = backend->precisions[precision].supported;
    return supported != NULL && supported();
}

const ck_backend *ck_backend_for(const ck_backend *backend, ck_precision precision) {
    // The last of the table, portable, supports both.
    while (!ck_backend_supports(backend, precision)) {
        backend++;
    }
    return backend;
}

const ck_backend *ck_backend_preferred(void) {
    const ck_backend *backend = table;
    while (!backend->pays() || !ck_backend_supports(backend, CK_FP32)) {
        backend++;
    }
    return backend;
}

ck_precision ck_backend_fastest(const ck_backend *backend) {
    return backend->fastest;
}

const char *ck_backend_core(const ck_backend *backend) {
    return strcmp(backend->name, "openblas") == 0 && openblas_supported() ? openblas()->core : NULL;
}

// The back end that EMOSCOPE_KERNELS names; NULL if it is unset, or names none that this machine runs.
static const ck_backend *requested(void) {
    const char *name = getenv("EMOSCOPE_KERNELS");
    for (size_t index = 0; name != NULL && index < COUNT; index++) {
        if (strcmp(name, table[index].name) == 0) {
            return ck_backend_supports(&table[index], CK_FP32) ? &table[index] : NULL;
        }
    }
    return NULL;
}

int ck_backend_request_is_sound(void) {
    return getenv("EMOSCOPE_KERNELS") == NULL || requested() != NULL;
}

// Chosen before main, so that no thread reads the environment while another changes it.
static const ck_backend *chosen;

__attribute__((constructor)) static void choose(void) {
#if defined(__x86_64__)
    __builtin_cpu_init();
#endif
    const ck_backend *named = requested();
    chosen = named != NULL ? named : ck_backend_preferred();
}

const ck_backend *ck_backend_chosen(void) {
    return chosen;
}
