#define _GNU_SOURCE
#include "team.h"

#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

// A piece of work waits on a flag for about this many pauses before it sleeps: some 20 µs, as long as the pauses between
// two products of one inference, so that a team does not sleep in the middle of one, nor spin between two windows.
enum { PATIENCE = 1000 };

// A thread that waits for one that another program keeps off its processor does so for some 2 ms before it makes room: were it
// away itself when the other comes back, each would go on waiting for the other's turn.
enum { MEETING_PATIENCE = 100000 };

// After it has waited so long, the team says as often that it had better not meet.
enum { DETOURS = 64 };

typedef struct {
    void *base;
    size_t bytes;
} piece;

struct ck_team {
    size_t threads;
    pthread_t *handles;
    piece *pieces;  // threads + 2

    // What is being done. Written only while nothing remains, read only by who has taken an index.
    void (*body)(void *, size_t, size_t);
    void *context;
    size_t count;
    atomic_size_t remaining;  // indices not handed out yet
    atomic_size_t finished;   // indices done
    atomic_size_t round;      // counts the calls
    atomic_size_t met;        // arrivals at meetings, ever
    atomic_int detours;
    atomic_bool ending;
    pthread_mutex_t lock;
    pthread_cond_t wake, done;
};

typedef struct {
    ck_team *team;
    size_t worker;
} seat;

static inline void relax(void) {
#if defined(__x86_64__)
    __builtin_ia32_pause();
#endif
}

// A thread that wakes late finds nothing left, and nobody has waited for it.
static void take_indices(ck_team *team, size_t worker) {
    size_t left = atomic_load(&team->remaining);
    while (left != 0) {
        if (!atomic_compare_exchange_weak(&team->remaining, &left, left - 1)) {
            continue;
        }
        team->body(team->context, team->count - left, worker);
        if (atomic_fetch_add(&team->finished, 1) + 1 == team->count) {
            pthread_mutex_lock(&team->lock);
            pthread_cond_signal(&team->done);
            pthread_mutex_unlock(&team->lock);
            return;
        }
        left = atomic_load(&team->remaining);
    }
}

static void *work(void *argument) {
    const seat mine = *(seat *)argument;
    free(argument);
    ck_team *team = mine.team;
    size_t seen = 0;
    for (;;) {
        for (int i = 0; i < PATIENCE && atomic_load(&team->round) == seen; i++) {
            relax();
        }
        if (atomic_load(&team->round) == seen) {
            pthread_mutex_lock(&team->lock);
            while (atomic_load(&team->round) == seen) {
                pthread_cond_wait(&team->wake, &team->lock);
            }
            pthread_mutex_unlock(&team->lock);
        }
        seen = atomic_load(&team->round);
        if (atomic_load(&team->ending)) {
            return NULL;
        }
        take_indices(team, mine.worker);
    }
}

static void start_round(ck_team *team) {
    pthread_mutex_lock(&team->lock);
    atomic_fetch_add(&team->round, 1);
    pthread_cond_broadcast(&team->wake);
    pthread_mutex_unlock(&team->lock);
}

ck_team *ck_team_create(size_t threads) {
    ck_team *team = calloc(1, sizeof *team);
    if (team == NULL) {
        return NULL;
    }
    threads = threads < 1 ? 1 : threads;
    team->handles = calloc(threads, sizeof *team->handles);
    team->pieces = calloc(threads + 2, sizeof *team->pieces);
    if (team->handles == NULL || team->pieces == NULL) {
        free(team->handles);
        free(team->pieces);
        free(team);
        return NULL;
    }
    pthread_mutex_init(&team->lock, NULL);
    pthread_cond_init(&team->wake, NULL);
    pthread_cond_init(&team->done, NULL);
    // Signals are the program's to handle on its own threads.
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    team->threads = 1;
    while (team->threads < threads) {
        seat *mine = malloc(sizeof *mine);
        if (mine == NULL) {
            break;
        }
        *mine = (seat){team, team->threads};
        if (pthread_create(&team->handles[team->threads], NULL, work, mine) != 0) {
            free(mine);
            break;
        }
        team->threads++;
    }
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return team;
}

void ck_team_destroy(ck_team *team) {
    atomic_store(&team->ending, true);
    start_round(team);
    for (size_t worker = 1; worker < team->threads; worker++) {
        pthread_join(team->handles[worker], NULL);
    }
    for (size_t index = 0; index <= team->threads + 1; index++) {
        free(team->pieces[index].base);
    }
    pthread_cond_destroy(&team->done);
    pthread_cond_destroy(&team->wake);
    pthread_mutex_destroy(&team->lock);
    free(team->handles);
    free(team->pieces);
    free(team);
}

size_t ck_team_threads(const ck_team *team) {
    return team->threads;
}

void ck_team_run(ck_team *team, size_t count, void (*body)(void *, size_t, size_t), void *context) {
    if (team->threads == 1 || count <= 1) {
        for (size_t index = 0; index < count; index++) {
            body(context, index, 0);
        }
        return;
    }
    team->body = body;
    team->context = context;
    team->count = count;
    atomic_store(&team->finished, 0);
    atomic_store(&team->remaining, count);
    start_round(team);
    take_indices(team, 0);
    for (int i = 0; i < PATIENCE && atomic_load(&team->finished) != count; i++) {
        relax();
    }
    if (atomic_load(&team->finished) != count) {
        pthread_mutex_lock(&team->lock);
        while (atomic_load(&team->finished) != count) {
            pthread_cond_wait(&team->done, &team->lock);
        }
        pthread_mutex_unlock(&team->lock);
    }
}

void ck_team_meet(ck_team *team) {
    const size_t everyone = (atomic_fetch_add(&team->met, 1) / team->threads + 1) * team->threads;
    for (int i = 1; atomic_load(&team->met) < everyone; i++) {
        if (i % MEETING_PATIENCE != 0) {
            relax();
        } else {
            atomic_store(&team->detours, DETOURS);
            sched_yield();
        }
    }
}

int ck_team_meets_well(ck_team *team) {
    const int left = atomic_load(&team->detours);
    if (left > 0) {
        atomic_store(&team->detours, left - 1);
    }
    return team->threads > 1 && left == 0;
}

void *ck_team_scratch(ck_team *team, size_t worker, size_t bytes) {
    piece *piece = &team->pieces[worker];
    if (piece->bytes < bytes) {
        free(piece->base);
        piece->bytes = (bytes + 4095) & ~(size_t)4095;
        piece->base = aligned_alloc(64, piece->bytes);
        if (piece->base == NULL) {
            fprintf(stderr, "emoscope: no memory for %zu bytes of scratch\n", piece->bytes);
            abort();
        }
    }
    return piece->base;
}

size_t ck_team_scratch_bytes(const ck_team *team) {
    size_t sum = 0;
    for (size_t index = 0; index <= team->threads + 1; index++) {
        sum += team->pieces[index].bytes;
    }
    return sum;
}
