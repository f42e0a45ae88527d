#ifndef CEMOTIONBUILD_H
#define CEMOTIONBUILD_H

/// The commit that the program was built from, with "-dirty" where files were changed since; empty where it is not known.
const char *emotion_commit(void);

#endif
