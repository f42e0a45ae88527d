#ifndef CEMOTIONWEIGHTS_H
#define CEMOTIONWEIGHTS_H

/// The name of the folder that a build puts beside the programs it makes, with the shipped weights in it.
const char *emotion_weights_bundle(void);

#endif
