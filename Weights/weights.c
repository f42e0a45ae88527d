// The only source file of the target that carries the shipped weights as resources. It is C because SwiftPM generates,
// for each Swift target with resources, an accessor that imports Foundation and traps where the folder is missing.
#include "CEmotionWeights.h"

const char *emotion_weights_bundle(void) { return "emoscope_CEmotionWeights.resources"; }
