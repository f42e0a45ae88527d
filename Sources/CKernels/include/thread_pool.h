/// A pool of threads with scratch memory: what one inference engine computes with.
#pragma once

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct ck_pool ck_pool;

/// Threads beside the caller's are started now and sleep while there is nothing to do. Where fewer can be started,
/// the pool is as large as could be. NULL only if memory is out.
ck_pool *ck_pool_create(size_t threads);

/// Ends the threads. No call may be running.
void ck_pool_destroy(ck_pool *pool);

/// Threads, the caller's included.
size_t ck_pool_threads(const ck_pool *pool);

/// Calls body(context, index, worker) for each index in 0..<count, on all threads, and returns when all are done.
/// `worker` is in 0..<threads and never the same on two threads at a time. Indices are handed out one by one, so that
/// a thread that another process disturbs does less. One caller at a time, and not from a body.
void ck_pool_run(ck_pool *pool, size_t count, void (*body)(void *context, size_t index, size_t worker), void *context);

/// Waits until every thread of the pool has called it as often as this one. Only inside a body that `ck_pool_run` calls for
/// as many indices as there are threads, each of which calls it equally often. It spins at first, since the others are about
/// as far.
void ck_pool_barrier(ck_pool *pool);

/// Whether barriers are worth while: there are several threads, and no barrier of late had to wait some milliseconds for a
/// thread, as happens when other programs keep the processors busy. Asked once before each work with barriers.
int ck_pool_barriers_pay(ck_pool *pool);

/// At least `bytes` of scratch memory on a 64-byte boundary, kept from call to call and grown when too small: one
/// piece for each worker, with worker == threads one piece that the caller shares out, and with threads + 1 one that
/// holds what it packs. Not for use by two callers at once. Ends the process if memory is out.
void *ck_pool_scratch(ck_pool *pool, size_t worker, size_t bytes);

/// Bytes of scratch memory that the pool holds.
size_t ck_pool_scratch_bytes(const ck_pool *pool);

#ifdef __cplusplus
}
#endif
