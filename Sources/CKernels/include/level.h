/// Instruction levels of the matrix products.
#pragma once

#ifdef __cplusplus
extern "C" {
#endif

typedef enum {
    CK_PORTABLE = 0,  ///< the architecture's baseline
    CK_AVX2 = 1,      ///< AVX2 and fused multiply-add
    CK_AVXVNNI = 2,   ///< AVX2, with 256-bit VNNI for int8
    CK_AVX512 = 3,    ///< AVX-512 F, BW, DQ and VL; int8 also needs AVX-512 VNNI, else it uses a lower level
} ck_level;

/// The highest level that this processor and the operating system run.
ck_level ck_level_supported(void);

/// Whether this processor and the operating system run a level's instructions.
int ck_level_runs(ck_level level);

/// The level that EMOSCOPE_KERNELS names (portable, avx2, avxvnni, avx512) if this processor runs it, else the highest.
/// The variable is read once, before main.
ck_level ck_level_chosen(void);

/// Whether EMOSCOPE_KERNELS is unset, or names a level that this processor runs.
int ck_level_request_is_sound(void);

/// A level's name, as in EMOSCOPE_KERNELS.
const char *ck_level_name(ck_level level);

#ifdef __cplusplus
}
#endif
