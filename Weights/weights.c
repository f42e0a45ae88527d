// The one source of a target that carries the shipped weights as resources. It is C because SwiftPM gives each Swift target
// with resources an accessor that imports Foundation, and ends the program where the folder is missing.
#include "CEmotionWeights.h"

const char *emotion_weights_bundle(void) { return "emoscope_CEmotionWeights.resources"; }
