import Foundation

/// Counts the calls of one named thread of a child process: a shim for `LD_PRELOAD` that counts memory management,
/// locks, sleeps and output, once the thread has its name.
///
/// alsa-lib and its plugins may make such calls; they are told apart by the caller's address.
public final class CallWatch: Sendable {
    public struct Failure: Error, CustomStringConvertible {
        public let description: String
    }

    private let folder: URL

    public init(thread: String) throws {
        folder = URL(fileURLWithPath: "/tmp/calls-\(getpid())-\(UInt32.random(in: 0 ... .max))")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let source = folder.appendingPathComponent("calls.c")
        try callShim.replacingOccurrences(of: "THREAD", with: thread)
            .write(to: source, atomically: true, encoding: .utf8)
        let log = folder.appendingPathComponent("log")
        let compiler = try ChildProcess(
            ["clang", "-shared", "-fPIC", "-O1", "-Wall", "-o", folder.path + "/calls.so", source.path], output: log)
        guard compiler.waitForExit() == 0 else {
            throw Failure(description: "clang refuses the shim: \(try String(contentsOf: log, encoding: .utf8))")
        }
    }

    deinit { try? FileManager.default.removeItem(at: folder) }

    /// The environment for the child process, on top of its own.
    public func watching(_ environment: [String: String]) -> [String: String] {
        environment.merging(["LD_PRELOAD": folder.path + "/calls.so", "CALLS_REPORT": folder.path + "/report"]) { $1 }
    }

    /// The counts of the thread's calls by name, between its first and its last `poll`, without alsa-lib's own. They
    /// include `poll`, which is allowed and shows that the thread was seen. Read after the process has ended.
    public func report() throws -> [String: Int] {
        let text = try String(contentsOf: folder.appendingPathComponent("report"), encoding: .utf8)
        let pairs = text.split(separator: "\n").map { $0.split(separator: " ") }
        return Dictionary(pairs.map { (String($0[0]), Int($0[1]) ?? -1) }, uniquingKeysWith: +)
    }

    /// Stack traces of the first four calls of each kind, as far as they are known.
    public var trace: String {
        (try? String(contentsOf: folder.appendingPathComponent("report.trace"), encoding: .utf8)) ?? ""
    }
}

private let callShim = #"""
    #define _GNU_SOURCE
    #include <dlfcn.h>
    #include <execinfo.h>
    #include <fcntl.h>
    #include <poll.h>
    #include <pthread.h>
    #include <stdarg.h>
    #include <stdio.h>
    #include <stdlib.h>
    #include <string.h>
    #include <sys/uio.h>
    #include <time.h>
    #include <unistd.h>

    extern void *__libc_malloc(size_t), *__libc_calloc(size_t, size_t), *__libc_realloc(void *, size_t);
    extern void *__libc_memalign(size_t, size_t);
    extern void __libc_free(void *);

    enum { MALLOC, FREE, LOCK, WAIT, SLEEP, WRITE, SYSCALL, POLL, KINDS };
    static const char *const names[KINDS] = { "malloc", "free", "lock", "wait", "sleep", "write", "syscall", "poll" };
    static int counts[KINDS], fresh[KINDS];  /* fresh: since the latest poll; one thread's */
    static __thread int watched, inside __attribute__((tls_model("initial-exec")));

    static void note(int kind, void *caller)
    {
        Dl_info object;
        if (!watched || inside) return;
        inside = 1;
        const char *name = dladdr(caller, &object) && object.dli_fname ? strrchr(object.dli_fname, '/') : NULL;
        name = name ? name + 1 : "?";
        if (strncmp(name, "libasound", 9) && strncmp(name, "clocked", 7)) {
            int count = counts[kind] + ++fresh[kind];
            /* Calls before the first poll belong to the thread's start, those after the last to its end. */
            for (int i = 0; kind == POLL && i < KINDS; i++) {
                if (counts[POLL] > 0 || i == POLL) counts[i] += fresh[i];
                fresh[i] = 0;
            }
            const char *path = kind != POLL && count <= 4 ? getenv("CALLS_REPORT") : NULL;
            void *frames[16];
            char file[512];
            if (path) {
                /* The stack trace, in a file beside the report, for debugging. */
                snprintf(file, sizeof file, "%s.trace", path);
                int trace = open(file, O_WRONLY | O_CREAT | O_APPEND, 0600);
                dprintf(trace, "%s\n", names[kind]);
                backtrace_symbols_fd(frames, backtrace(frames, 16), trace);
                close(trace);
            }
        }
        inside = 0;
    }
    #define NOTE(kind) note(kind, __builtin_return_address(0))
    #define NEXT(type, name) static type next; if (!next) next = (type)dlsym(RTLD_NEXT, name)

    void *malloc(size_t n) { NOTE(MALLOC); return __libc_malloc(n); }
    void *calloc(size_t n, size_t m) { NOTE(MALLOC); return __libc_calloc(n, m); }
    void *realloc(void *p, size_t n) { NOTE(MALLOC); return __libc_realloc(p, n); }
    void *aligned_alloc(size_t a, size_t n) { NOTE(MALLOC); return __libc_memalign(a, n); }
    void free(void *p) { if (p) NOTE(FREE); __libc_free(p); }
    int posix_memalign(void **p, size_t a, size_t n)
    {
        NOTE(MALLOC);
        *p = __libc_memalign(a, n);
        return *p ? 0 : 12;
    }

    int pthread_setname_np(pthread_t thread, const char *name)
    {
        typedef int (*function)(pthread_t, const char *);
        NEXT(function, "pthread_setname_np");
        int code = next(thread, name);
        if (!strcmp(name, "THREAD")) watched = 1;
        return code;
    }
    int pthread_mutex_lock(pthread_mutex_t *m)
    {
        typedef int (*function)(pthread_mutex_t *);
        NEXT(function, "pthread_mutex_lock");
        NOTE(LOCK);
        return next(m);
    }
    int pthread_rwlock_rdlock(pthread_rwlock_t *m)
    {
        typedef int (*function)(pthread_rwlock_t *);
        NEXT(function, "pthread_rwlock_rdlock");
        NOTE(LOCK);
        return next(m);
    }
    int pthread_cond_wait(pthread_cond_t *c, pthread_mutex_t *m)
    {
        typedef int (*function)(pthread_cond_t *, pthread_mutex_t *);
        NEXT(function, "pthread_cond_wait");
        NOTE(WAIT);
        return next(c, m);
    }
    int nanosleep(const struct timespec *a, struct timespec *b)
    {
        typedef int (*function)(const struct timespec *, struct timespec *);
        NEXT(function, "nanosleep");
        NOTE(SLEEP);
        return next(a, b);
    }
    int usleep(useconds_t n)
    {
        typedef int (*function)(useconds_t);
        NEXT(function, "usleep");
        NOTE(SLEEP);
        return next(n);
    }
    ssize_t write(int fd, const void *data, size_t n)
    {
        typedef ssize_t (*function)(int, const void *, size_t);
        NEXT(function, "write");
        NOTE(WRITE);
        return next(fd, data, n);
    }
    ssize_t writev(int fd, const struct iovec *data, int n)
    {
        typedef ssize_t (*function)(int, const struct iovec *, int);
        NEXT(function, "writev");
        NOTE(WRITE);
        return next(fd, data, n);
    }
    long syscall(long number, ...)  /* what futexes go through */
    {
        typedef long (*function)(long, long, long, long, long, long, long);
        NEXT(function, "syscall");
        va_list list;
        va_start(list, number);
        long a = va_arg(list, long), b = va_arg(list, long), c = va_arg(list, long), d = va_arg(list, long),
             e = va_arg(list, long), f = va_arg(list, long);
        va_end(list);
        NOTE(SYSCALL);
        return next(number, a, b, c, d, e, f);
    }
    int poll(struct pollfd *fds, nfds_t n, int timeout)
    {
        typedef int (*function)(struct pollfd *, nfds_t, int);
        NEXT(function, "poll");
        NOTE(POLL);
        return next(fds, n, timeout);
    }
    int ppoll(struct pollfd *fds, nfds_t n, const struct timespec *timeout, const sigset_t *mask)
    {
        typedef int (*function)(struct pollfd *, nfds_t, const struct timespec *, const sigset_t *);
        NEXT(function, "ppoll");
        NOTE(POLL);
        return next(fds, n, timeout, mask);
    }

    __attribute__((destructor)) static void report(void)
    {
        const char *path = getenv("CALLS_REPORT");
        FILE *file = path ? fopen(path, "a") : NULL;
        if (!file) return;
        for (int kind = 0; kind < KINDS; kind++) fprintf(file, "%s %d\n", names[kind], counts[kind]);
        fclose(file);
    }
    """#
