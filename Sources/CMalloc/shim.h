#pragma once
// glibc's own settings of its allocator, which Swift's Glibc leaves out.
#include <malloc.h>
