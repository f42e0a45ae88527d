#ifndef CEMOTIONWEIGHTS_H
#define CEMOTIONWEIGHTS_H

/// Name of the folder with the shipped weights, which a build puts beside its programs.
const char *emotion_weights_bundle(void);

#endif
