/// Back ends of the matrix products: tiles of our own for each kind of processor, and OpenBLAS.
#pragma once

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/// The arithmetic of a product.
typedef enum { CK_FP32 = 0, CK_INT8 = 1 } ck_precision;

/// One way to compute matrix products, a row of the table in backend.c.
typedef struct ck_backend ck_backend;

/// Number of back ends for this architecture.
size_t ck_backend_count(void);

/// The back end at `index`, the fastest first: avx512, avxvnni, avx2, openblas, portable on x86-64; dotprod, neon and
/// the last two on aarch64; the last two elsewhere.
const ck_backend *ck_backend_at(size_t index);

/// A back end's name, as in EMOSCOPE_KERNELS.
const char *ck_backend_name(const ck_backend *backend);

/// Whether a back end has a precision, and this machine runs it: openblas, neon, and avx512 without VNNI lack int8,
/// and openblas has to be installed. The first question about openblas loads it, which sets two environment variables for
/// a moment: no other thread may read the environment meanwhile.
int ck_backend_supports(const ck_backend *backend, ck_precision precision);

/// The back end for this machine: the first of the table that it runs, but openblas only where it is faster than
/// portable, which on x86-64 means a processor with AVX.
const ck_backend *ck_backend_preferred(void);

/// The back end that EMOSCOPE_KERNELS names if this machine runs it, else the preferred one. The variable is read once,
/// before main.
const ck_backend *ck_backend_chosen(void);

/// Whether EMOSCOPE_KERNELS is unset, or names a back end that this machine runs.
int ck_backend_request_is_sound(void);

/// The back end itself if it supports the precision, else the next of the table that does.
const ck_backend *ck_backend_for(const ck_backend *backend, ck_precision precision);

/// The faster precision of a back end, the one of `ck_backend_for` included.
ck_precision ck_backend_fastest(const ck_backend *backend);

/// The kernels that OpenBLAS has chosen for this processor, such as "Haswell"; NULL for the other back ends.
const char *ck_backend_core(const ck_backend *backend);

/// The value of OPENBLAS_CORETYPE that gives a processor better kernels than `core`, which OpenBLAS has chosen; NULL
/// where there is none. `has_avx2` includes FMA, and `has_avx512` is AVX-512 BW and VL.
const char *ck_openblas_better_core(const char *core, int has_avx2, int has_avx512);

#ifdef __cplusplus
}
#endif
