#pragma once
#include <alsa/asoundlib.h>

/* What alsa-lib would print on standard error, over the dashboard: nothing. Errors still come back as return codes. */
static void calsa_say_nothing(const char *file, int line, const char *function, int code, const char *format, ...)
{
    (void)file; (void)line; (void)function; (void)code; (void)format;
}

/* Variadic handlers cannot be written in Swift, hence this shim. Affects the whole process; may be called again. */
static inline void calsa_silence_errors(void)
{
    snd_lib_error_set_handler(calsa_say_nothing);
}

/* What the capture threads need of Linux and Swift's Glibc module leaves out (it is built without _GNU_SOURCE). */
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <sys/eventfd.h>
#include <time.h>

extern int pthread_setname_np(pthread_t thread, const char *name);
extern int ppoll(struct pollfd *watched, nfds_t count, const struct timespec *timeout, const sigset_t *mask);

/* A descriptor that `poll` sees as readable once something was written to it; -1 without one left. */
static inline int calsa_event_open(void) { return eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC); }
static inline int calsa_event_signal(int descriptor) { return eventfd_write(descriptor, 1); }

/* Sleeps until `descriptor` is readable or the nanoseconds are over, as exactly as the kernel's timers can. */
static inline int calsa_event_wait(int descriptor, long nanoseconds)
{
    struct pollfd watched = { descriptor, POLLIN, 0 };
    struct timespec timeout = { nanoseconds / 1000000000L, nanoseconds % 1000000000L };
    return ppoll(&watched, 1, &timeout, NULL);
}

