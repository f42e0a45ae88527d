/// A thread pool with scratch memory, owned by one inference engine.
#pragma once

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct ck_pool ck_pool;

/// Creates a pool of `threads` threads: the caller's, and others that are started now and sleep while idle. The pool is
/// smaller if the system starts fewer. Returns NULL only if memory is exhausted.
ck_pool *ck_pool_create(size_t threads);

/// Ends the threads and frees the pool. No call may be running.
void ck_pool_destroy(ck_pool *pool);

/// Number of threads, the caller's included.
size_t ck_pool_threads(const ck_pool *pool);

/// Calls body(context, index, worker) for each index in 0..<count, on all threads, and returns when all are done.
/// `worker` is in 0..<threads and never the same on two threads at a time. Threads take indices one by one, so that a
/// thread slowed down by another process takes fewer. One caller at a time; a body must not call it.
void ck_pool_run(ck_pool *pool, size_t count, void (*body)(void *context, size_t index, size_t worker), void *context);

/// Waits until every thread of the pool has reached the same barrier. It may be called only inside a body that
/// `ck_pool_run` calls for as many indices as there are threads, and equally often for each index. It spins at first,
/// since all threads arrive at about the same time.
void ck_pool_barrier(ck_pool *pool);

/// Whether barriers pay: the pool has several threads, and no recent barrier waited some milliseconds for a thread, as
/// happens when other programs keep the processors busy. Call it once before each piece of work that uses barriers:
/// each call counts down the time for which barriers are avoided.
int ck_pool_barriers_pay(ck_pool *pool);

/// Scratch memory of at least `bytes`, 64-byte aligned and kept between calls; growing it loses its contents. The pool
/// has threads + 2 buffers: 0..<threads for each worker's own use, `threads` for data that the caller shares with the
/// workers, `threads` + 1 for packed operands. One caller at a time. Aborts the process if memory is exhausted.
void *ck_pool_scratch(ck_pool *pool, size_t worker, size_t bytes);

/// Total bytes of the pool's scratch memory.
size_t ck_pool_scratch_bytes(const ck_pool *pool);

#ifdef __cplusplus
}
#endif
