// The only file that knows the commit: Package.swift defines EMOSCOPE_COMMIT for this target alone, from the environment
// that the Makefile sets for what is installed. Another commit therefore leaves all modules but the program's own as they are.
#include "CEmotionBuild.h"

#ifndef EMOSCOPE_COMMIT
#define EMOSCOPE_COMMIT ""
#endif

const char *emotion_commit(void) { return EMOSCOPE_COMMIT; }
