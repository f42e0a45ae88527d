#define _GNU_SOURCE
#include "CAllocations.h"

#include <execinfo.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <unistd.h>

// A sanitizer has its own malloc. SANITIZED is defined by the build where this file is not instrumented itself.
#if defined(__has_feature) && !defined(SANITIZED)
#if __has_feature(thread_sanitizer) || __has_feature(address_sanitizer)
#define SANITIZED
#endif
#endif

#ifdef SANITIZED
int allocations_are_counted(void) { return 0; }
size_t allocations(void) { return 0; }
void allocations_show(int shown) { (void)shown; }
#else

// A malloc that the program defines replaces glibc's in every library that it loads.
extern void *__libc_malloc(size_t), *__libc_calloc(size_t, size_t), *__libc_realloc(void *, size_t);
extern void *__libc_memalign(size_t, size_t);

static atomic_size_t calls;
static atomic_int showing;

static void note(void) {
    static _Thread_local int inside;
    atomic_fetch_add_explicit(&calls, 1, memory_order_relaxed);
    if (atomic_load_explicit(&showing, memory_order_relaxed) && !inside) {
        void *frames[24];
        inside = 1;
        backtrace_symbols_fd(frames, backtrace(frames, 24), STDERR_FILENO);
        inside = 0;
        (void)!write(STDERR_FILENO, "\n", 1);
    }
}

int allocations_are_counted(void) { return 1; }
size_t allocations(void) { return atomic_load(&calls); }
void allocations_show(int shown) { atomic_store(&showing, shown); }

void *malloc(size_t bytes) {
    note();
    return __libc_malloc(bytes);
}

void *calloc(size_t count, size_t bytes) {
    note();
    return __libc_calloc(count, bytes);
}

void *realloc(void *block, size_t bytes) {
    note();
    return __libc_realloc(block, bytes);
}

void *aligned_alloc(size_t alignment, size_t bytes) {
    note();
    return __libc_memalign(alignment, bytes);
}

int posix_memalign(void **block, size_t alignment, size_t bytes) {
    note();
    *block = __libc_memalign(alignment, bytes);
    return *block ? 0 : 12;  // ENOMEM
}

#endif
