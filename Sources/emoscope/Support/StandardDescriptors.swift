import Glibc

/// The descriptors 0, 1 and 2 of a program that was started with some of them closed.
enum StandardDescriptors {
    /// Occupies the closed ones, so that no file that is opened later takes their place and is written over by messages.
    /// What reads or writes them still fails, as on a closed descriptor.
    static func occupy() {
        for (descriptor, mode) in [(STDIN_FILENO, O_WRONLY), (STDOUT_FILENO, O_RDONLY), (STDERR_FILENO, O_RDONLY)]
        where fcntl(descriptor, F_GETFD) == -1 {
            // The lowest free descriptor is taken, which is this one.
            _ = unsafe open("/dev/null", mode)
        }
    }
}
