#pragma once
#include <alsa/asoundlib.h>

/* An error handler that prints nothing: alsa-lib's own prints on standard error, over the dashboard. Errors are still
   returned as codes. */
static void calsa_say_nothing(const char *file, int line, const char *function, int code, const char *format, ...)
{
    (void)file; (void)line; (void)function; (void)code; (void)format;
}

/* Silences alsa-lib's error messages in the whole process; may be called again. Swift cannot define the variadic
   handler. */
static inline void calsa_silence_errors(void)
{
    snd_lib_error_set_handler(calsa_say_nothing);
}

/* Linux functions for the capture threads that Swift's Glibc module lacks, because it is built without _GNU_SOURCE. */
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <sys/eventfd.h>
#include <time.h>

extern int pthread_setname_np(pthread_t thread, const char *name);
extern int ppoll(struct pollfd *watched, nfds_t count, const struct timespec *timeout, const sigset_t *mask);

/* Opens a descriptor that `poll` reports as readable once it is signalled; -1 if the process has none left. */
static inline int calsa_event_open(void) { return eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC); }
static inline int calsa_event_signal(int descriptor) { return eventfd_write(descriptor, 1); }

/* Sleeps until `descriptor` is readable or the time is over, with the precision of the kernel's timers. */
static inline int calsa_event_wait(int descriptor, long nanoseconds)
{
    struct pollfd watched = { descriptor, POLLIN, 0 };
    struct timespec timeout = { nanoseconds / 1000000000L, nanoseconds % 1000000000L };
    return ppoll(&watched, 1, &timeout, NULL);
}

