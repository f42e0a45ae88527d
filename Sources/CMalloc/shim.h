#pragma once
// The settings of glibc's allocator, which Swift's Glibc module lacks.
#include <malloc.h>
