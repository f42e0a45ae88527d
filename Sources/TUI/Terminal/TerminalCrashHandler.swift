import Glibc
import Synchronization

/// Restores the terminal when the process dies with the dashboard open: on a crash, on SIGQUIT, on a SIGHUP that has no
/// other handler, and on `exit` without closing the dashboard.
///
/// Everything that the handler needs is prepared beforehand. It calls only `write`, `tcsetattr`, `signal`, `raise` and
/// ``StandardErrorCapture/end()``, all of which POSIX allows in a signal handler. SIGINT and SIGTERM are left to the
/// program, which closes the dashboard.
enum TerminalCrashHandler {
    /// Signals of program errors, and signals that would end the process before it closes the dashboard.
    private static let signals = [SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGTRAP, SIGABRT, SIGSYS, SIGHUP, SIGQUIT]

    /// Everything that the handler reads. Its memory is never freed.
    @safe private struct State {
        var descriptor: Int32 = -1
        var hasModes = false
        var modes = termios()
        var count = 0
        var bytes = UnsafeMutablePointer<UInt8>.allocate(capacity: capacity)
        var previous = UnsafeMutablePointer<sigaction>.allocate(capacity: 65)
    }

    private static let capacity = 512
    private static let memory = {
        let pointer = UnsafeMutablePointer<State>.allocate(capacity: 1)
        unsafe pointer.initialize(to: State())
        return unsafe Holder(pointer: pointer)
    }()

    /// Owns raw memory, which the handler can read without a lock: it is written before the handler is armed.
    @safe private struct Holder: @unchecked Sendable {
        let pointer: UnsafeMutablePointer<State>
    }

    private static let isArmed = Atomic<Bool>(false)
    private static let isInstalled = Atomic<Bool>(false)

    /// Stores how to restore the terminal, and turns the handler on.
    ///
    /// - Parameters:
    ///   - sequence: The bytes that leave the alternate screen, show the cursor and reset the colours; 512 at most.
    ///   - descriptor: The descriptor to write them to.
    ///   - modes: The terminal's settings from before the dashboard; nil if the descriptor is no terminal.
    static func arm(sequence: [UInt8], descriptor: Int32, modes: termios?) {
        let memory = unsafe memory.pointer
        unsafe memory.pointee.descriptor = descriptor
        unsafe memory.pointee.hasModes = modes != nil
        if let modes { unsafe memory.pointee.modes = modes }
        unsafe memory.pointee.count = min(sequence.count, capacity)
        for index in 0..<min(sequence.count, capacity) { unsafe memory.pointee.bytes[index] = sequence[index] }
        isArmed.store(true, ordering: .sequentiallyConsistent)
        install()
    }

    /// Turns the handler off, once the terminal has been restored.
    static func disarm() {
        isArmed.store(false, ordering: .sequentiallyConsistent)
    }

    private static func install() {
        guard !isInstalled.exchange(true, ordering: .sequentiallyConsistent) else { return }
        prepareStack()
        atexit { _ = TerminalCrashHandler.restore() }
        for number in signals {
            var action = sigaction()
            unsafe action.__sigaction_handler.sa_sigaction = { unsafe TerminalCrashHandler.handle($0, $1, $2) }
            action.sa_flags = SA_ONSTACK | SA_SIGINFO
            let previous = unsafe memory.pointer.pointee.previous + Int(number)
            unsafe sigaction(number, &action, previous)
            // A SIGHUP that the program handles or ignores is left to it. SIGQUIT is not: Swift's backtracer handles it
            // in every program and does not restore the terminal.
            if number == SIGHUP, unsafe address(previous.pointee) != 0 { unsafe sigaction(number, previous, nil) }
        }
    }

    /// Returns the handler's address: 0 is the system's default, 1 ignores the signal.
    private static func address(_ action: sigaction) -> Int {
        unsafe unsafeBitCast(action.__sigaction_handler.sa_handler, to: Int.self)
    }

    /// Gives the handler a stack of its own, so that it works after a stack overflow.
    private static func prepareStack() {
        let size = 64 * 1024
        var stack = unsafe stack_t()
        unsafe stack.ss_sp = UnsafeMutableRawPointer.allocate(byteCount: size, alignment: 16)
        unsafe stack.ss_size = size
        unsafe _ = sigaltstack(&stack, nil)
    }

    /// Restores the terminal, calls the previous handler (Swift's backtracer), and raises the signal again, whose
    /// default action ends the process. The signal is blocked during the handler and arrives once it returns.
    private static func handle(
        _ number: Int32, _ information: UnsafeMutablePointer<siginfo_t>?, _ context: UnsafeMutableRawPointer?
    ) {
        if restore() { report(number) }
        let previous = unsafe memory.pointer.pointee.previous[Int(number)]
        if address(previous) > 1 {
            if previous.sa_flags & SA_SIGINFO != 0 {
                unsafe previous.__sigaction_handler.sa_sigaction?(number, information, context)
            } else {
                unsafe previous.__sigaction_handler.sa_handler?(number)
            }
        }
        _ = signal(number, SIG_DFL)
        _ = raise(number)
    }

    /// Restores the terminal.
    ///
    /// - Returns: Whether the handler was on.
    private static func restore() -> Bool {
        guard isArmed.exchange(false, ordering: .sequentiallyConsistent) else { return false }
        let memory = unsafe memory.pointer
        let descriptor = unsafe memory.pointee.descriptor
        unsafe _ = Glibc.write(descriptor, memory.pointee.bytes, memory.pointee.count)
        // From the background, tcsetattr would stop the dying process by SIGTTOU.
        _ = signal(SIGTTOU, SIG_IGN)
        if unsafe memory.pointee.hasModes { unsafe _ = tcsetattr(descriptor, TCSANOW, &memory.pointee.modes) }
        StandardErrorCapture.end()
        return true
    }

    /// Writes the signal's number on standard error.
    private static func report(_ number: Int32) {
        write("ended by signal ")
        let (tens, ones) = (UInt8(truncatingIfNeeded: number / 10), UInt8(truncatingIfNeeded: number % 10))
        var digits = InlineArray<2, UInt8>(repeating: UInt8(ascii: "0") + ones)
        digits[0] = UInt8(ascii: "0") + tens
        var bytes = digits.mutableSpan
        let first = tens == 0 ? 1 : 0
        unsafe bytes.withUnsafeMutableBytes {
            unsafe _ = Glibc.write(STDERR_FILENO, $0.baseAddress! + first, 2 - first)
        }
        write("\n")
    }

    private static func write(_ words: StaticString) {
        unsafe _ = Glibc.write(STDERR_FILENO, words.utf8Start, words.utf8CodeUnitCount)
    }
}
