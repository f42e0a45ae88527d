/// Counts the process's allocations: a program that links this allocates through it.
#pragma once

#include <stddef.h>

/// Calls of malloc and its kin so far, on all threads; 0 for ever under ThreadSanitizer, which has its own malloc.
size_t allocations(void);

/// Whether allocations are counted.
int allocations_are_counted(void);

/// Has each allocation from now on print the calls that led to it on standard error, or no more.
void allocations_show(int shown);
