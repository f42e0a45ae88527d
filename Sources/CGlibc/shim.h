#pragma once
// What Swift's Glibc module leaves out of the C library: the allocator's settings and a thread's name.
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <malloc.h>
#include <pthread.h>

extern int pthread_setname_np(pthread_t thread, const char *name);

static inline void cglibc_name_thread(const char *name) { pthread_setname_np(pthread_self(), name); }

// Runs a program with the descriptors 0 (input), 1 and 2 of its own and no other, and ends it when the calling thread ends.
// memory and seconds limit its address space and its processor time. Returns its process number, or -1 with errno.
// The limits are set by system call: with _GNU_SOURCE, sys/resource.h is not the header that Swift's Glibc module has.
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

static inline int cglibc_pipe(int *ends) { return pipe2(ends, O_CLOEXEC); }

static inline pid_t cglibc_run_confined(const char *program, char *const arguments[], int input, int output, int errors,
                                        unsigned long memory, unsigned long seconds) {
    static char *const environment[] = {(char *)"LC_ALL=C", (char *)"AV_LOG_FORCE_NOCOLOR=1", 0};
    pid_t parent = getpid();
    pid_t child = fork();
    if (child != 0) return child;
    // Only what is safe between fork and exec in a process of several threads.
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent) _exit(127);
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, 0);
    signal(SIGPIPE, SIG_DFL);
    signal(SIGINT, SIG_IGN);
    enum { PROCESSOR_TIME = 0, CORE_FILE = 4, ADDRESS_SPACE = 9 };
    unsigned long long space[2] = {memory, memory}, time[2] = {seconds, seconds}, nothing[2] = {0, 0};
    syscall(SYS_prlimit64, 0, ADDRESS_SPACE, space, (void *)0);
    syscall(SYS_prlimit64, 0, PROCESSOR_TIME, time, (void *)0);
    syscall(SYS_prlimit64, 0, CORE_FILE, nothing, (void *)0);
    // Above the places that they go to, so that none is overwritten before it is used.
    int moved[3] = {fcntl(input, F_DUPFD_CLOEXEC, 3), fcntl(output, F_DUPFD_CLOEXEC, 3), fcntl(errors, F_DUPFD_CLOEXEC, 3)};
    for (int place = 0; place < 3; place++)
        if (moved[place] < 0 || dup2(moved[place], place) < 0) _exit(127);
    close_range(3, ~0u, 0);
    execve(program, arguments, environment);
    _exit(127);
}
