#define _GNU_SOURCE
#include "thread_pool.h"

#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

// Pause instructions for which an idle thread spins before it sleeps: some 20 µs, as long as the gap between two
// products of one inference, so that a pool neither sleeps in the middle of an inference nor spins between two windows.
enum { SPINS = 1000 };

// Pause instructions for which a thread spins at a barrier before it yields its processor: some 2 ms. If it yielded
// sooner, the thread it waits for could run while this one does not, and each would wait for the other's next time
// slice.
enum { BARRIER_SPINS = 100000 };

// Calls of ck_pool_barriers_pay that return 0 after a barrier has spun BARRIER_SPINS times.
enum { COOLDOWN = 64 };

typedef struct {
    void *base;
    size_t bytes;
} buffer;

struct ck_pool {
    size_t threads;
    pthread_t *handles;
    buffer *buffers;  // threads + 2

    // The current work, written only while `remaining` is 0, and read only by threads that have taken an index.
    void (*body)(void *, size_t, size_t);
    void *context;
    size_t count;
    atomic_size_t remaining;  // indices not yet taken
    atomic_size_t finished;   // indices done
    atomic_size_t round;      // number of calls of ck_pool_run so far
    atomic_size_t arrivals;   // arrivals at barriers so far
    atomic_int cooldown;
    atomic_bool ending;
    pthread_mutex_t lock;
    pthread_cond_t wake, done;
};

typedef struct {
    ck_pool *pool;
    size_t worker;
} worker_start;

static inline void relax(void) {
#if defined(__x86_64__)
    __builtin_ia32_pause();
#elif defined(__aarch64__)
    // It fetches what follows anew, which takes time; most processors skip a `yield` at once.
    __asm__ volatile("isb");
#endif
}

// Tells ThreadSanitizer which atomics of this file order memory: it cannot see them, since the file is not instrumented.
#ifdef SANITIZED
void __tsan_acquire(void *address);
void __tsan_release(void *address);
#else
static inline void __tsan_acquire(void *address) { (void)address; }
static inline void __tsan_release(void *address) { (void)address; }
#endif

// Runs the body for one index after another until none remains. A thread that wakes late finds none, and delays nobody.
static void take_indices(ck_pool *pool, size_t worker) {
    size_t left = atomic_load(&pool->remaining);
    while (left != 0) {
        if (!atomic_compare_exchange_weak(&pool->remaining, &left, left - 1)) {
            continue;
        }
        __tsan_acquire(&pool->remaining);
        pool->body(pool->context, pool->count - left, worker);
        __tsan_release(&pool->finished);
        if (atomic_fetch_add(&pool->finished, 1) + 1 == pool->count) {
            pthread_mutex_lock(&pool->lock);
            pthread_cond_signal(&pool->done);
            pthread_mutex_unlock(&pool->lock);
            return;
        }
        left = atomic_load(&pool->remaining);
    }
}

static void *work(void *argument) {
    const worker_start mine = *(worker_start *)argument;
    free(argument);
    ck_pool *pool = mine.pool;
    size_t seen = 0;
    for (;;) {
        for (int i = 0; i < SPINS && atomic_load(&pool->round) == seen; i++) {
            relax();
        }
        if (atomic_load(&pool->round) == seen) {
            pthread_mutex_lock(&pool->lock);
            while (atomic_load(&pool->round) == seen) {
                pthread_cond_wait(&pool->wake, &pool->lock);
            }
            pthread_mutex_unlock(&pool->lock);
        }
        seen = atomic_load(&pool->round);
        if (atomic_load(&pool->ending)) {
            return NULL;
        }
        take_indices(pool, mine.worker);
    }
}

static void start_round(ck_pool *pool) {
    pthread_mutex_lock(&pool->lock);
    atomic_fetch_add(&pool->round, 1);
    pthread_cond_broadcast(&pool->wake);
    pthread_mutex_unlock(&pool->lock);
}

ck_pool *ck_pool_create(size_t threads) {
    ck_pool *pool = calloc(1, sizeof *pool);
    if (pool == NULL) {
        return NULL;
    }
    threads = threads < 1 ? 1 : threads;
    pool->handles = calloc(threads, sizeof *pool->handles);
    pool->buffers = calloc(threads + 2, sizeof *pool->buffers);
    if (pool->handles == NULL || pool->buffers == NULL) {
        free(pool->handles);
        free(pool->buffers);
        free(pool);
        return NULL;
    }
    pthread_mutex_init(&pool->lock, NULL);
    pthread_cond_init(&pool->wake, NULL);
    pthread_cond_init(&pool->done, NULL);
    // The pool's threads block all signals, which the program handles on its own threads.
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    pool->threads = 1;
    while (pool->threads < threads) {
        worker_start *mine = malloc(sizeof *mine);
        if (mine == NULL) {
            break;
        }
        *mine = (worker_start){pool, pool->threads};
        if (pthread_create(&pool->handles[pool->threads], NULL, work, mine) != 0) {
            free(mine);
            break;
        }
        pool->threads++;
    }
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return pool;
}

void ck_pool_destroy(ck_pool *pool) {
    atomic_store(&pool->ending, true);
    start_round(pool);
    for (size_t worker = 1; worker < pool->threads; worker++) {
        pthread_join(pool->handles[worker], NULL);
    }
    for (size_t index = 0; index <= pool->threads + 1; index++) {
        free(pool->buffers[index].base);
    }
    pthread_cond_destroy(&pool->done);
    pthread_cond_destroy(&pool->wake);
    pthread_mutex_destroy(&pool->lock);
    free(pool->handles);
    free(pool->buffers);
    free(pool);
}

size_t ck_pool_threads(const ck_pool *pool) {
    return pool->threads;
}

void ck_pool_run(ck_pool *pool, size_t count, void (*body)(void *, size_t, size_t), void *context) {
    if (pool->threads == 1 || count <= 1) {
        for (size_t index = 0; index < count; index++) {
            body(context, index, 0);
        }
        return;
    }
    pool->body = body;
    pool->context = context;
    pool->count = count;
    atomic_store(&pool->finished, 0);
    __tsan_release(&pool->remaining);
    atomic_store(&pool->remaining, count);
    start_round(pool);
    take_indices(pool, 0);
    for (int i = 0; i < SPINS && atomic_load(&pool->finished) != count; i++) {
        relax();
    }
    if (atomic_load(&pool->finished) != count) {
        pthread_mutex_lock(&pool->lock);
        while (atomic_load(&pool->finished) != count) {
            pthread_cond_wait(&pool->done, &pool->lock);
        }
        pthread_mutex_unlock(&pool->lock);
    }
    __tsan_acquire(&pool->finished);
}

void ck_pool_barrier(ck_pool *pool) {
    __tsan_release(&pool->arrivals);
    const size_t target = (atomic_fetch_add(&pool->arrivals, 1) / pool->threads + 1) * pool->threads;
    for (int i = 1; atomic_load(&pool->arrivals) < target; i++) {
        if (i % BARRIER_SPINS != 0) {
            relax();
        } else {
            atomic_store(&pool->cooldown, COOLDOWN);
            sched_yield();
        }
    }
    __tsan_acquire(&pool->arrivals);
}

int ck_pool_barriers_pay(ck_pool *pool) {
    const int left = atomic_load(&pool->cooldown);
    if (left > 0) {
        atomic_store(&pool->cooldown, left - 1);
    }
    return pool->threads > 1 && left == 0;
}

void *ck_pool_scratch(ck_pool *pool, size_t worker, size_t bytes) {
    buffer *buffer = &pool->buffers[worker];
    if (buffer->bytes < bytes) {
        free(buffer->base);
        buffer->bytes = (bytes + 4095) & ~(size_t)4095;
        buffer->base = aligned_alloc(64, buffer->bytes);
        if (buffer->base == NULL) {
            fprintf(stderr, "emoscope: no memory for %zu bytes of scratch\n", buffer->bytes);
            abort();
        }
    }
    return buffer->base;
}

size_t ck_pool_scratch_bytes(const ck_pool *pool) {
    size_t sum = 0;
    for (size_t index = 0; index <= pool->threads + 1; index++) {
        sum += pool->buffers[index].bytes;
    }
    return sum;
}
