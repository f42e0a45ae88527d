// The only file that knows the commit: Package.swift defines EMOSCOPE_COMMIT for this target alone, from the environment
// that the Makefile sets. Another commit therefore compiles this file again and no other.
#include "CEmotionBuild.h"

#ifndef EMOSCOPE_COMMIT
#define EMOSCOPE_COMMIT ""
#endif

const char *emotion_commit(void) { return EMOSCOPE_COMMIT; }
