/// Counts the allocations of a process: a program that links this library allocates through it.
#pragma once

#include <stddef.h>

/// The calls of malloc and related functions so far, on all threads; always 0 under ThreadSanitizer, which has its own
/// malloc.
size_t allocations(void);

/// Whether allocations are counted.
int allocations_are_counted(void);

/// Switches on or off that each allocation prints its stack trace on standard error.
void allocations_show(int shown);
