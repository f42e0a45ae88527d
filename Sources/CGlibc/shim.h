#pragma once
// What Swift's Glibc module leaves out of the C library: the allocator's settings and a thread's name.
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <malloc.h>
#include <pthread.h>

extern int pthread_setname_np(pthread_t thread, const char *name);

static inline void cglibc_name_thread(const char *name) { pthread_setname_np(pthread_self(), name); }
