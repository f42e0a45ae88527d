import Glibc
import Synchronization

/// Gives the terminal back when the process dies with the dashboard open: on a crash, on SIGQUIT, on a hang-up that
/// nobody else handles, and on an `exit` that forgot to close. Everything that the handler needs is made beforehand;
/// the handler itself only calls `write`, `tcsetattr`, `signal`, `raise` and what `StandardErrorCapture.release` does, all
/// of which POSIX allows in one.
///
/// Ordinary stops (SIGINT, SIGTERM) are the executable's: it sets a flag and closes the dashboard.
enum TerminalCrashHandler {
    /// A program error, and what a terminal or a user sends to end a process that does not ask.
    private static let signals = [SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGTRAP, SIGABRT, SIGSYS, SIGHUP, SIGQUIT]

    /// Everything the handler reads, in memory that is never freed.
    @safe private struct Memory {
        var descriptor: Int32 = -1
        var hasModes = false
        var modes = termios()
        var count = 0
        var bytes = UnsafeMutablePointer<UInt8>.allocate(capacity: capacity)
        var previous = UnsafeMutablePointer<sigaction>.allocate(capacity: 65)
    }

    private static let capacity = 512
    private static let memory = {
        let pointer = UnsafeMutablePointer<Memory>.allocate(capacity: 1)
        unsafe pointer.initialize(to: Memory())
        return unsafe Holder(pointer: pointer)
    }()

    @safe private struct Holder: @unchecked Sendable {
        let pointer: UnsafeMutablePointer<Memory>
    }

    private static let isArmed = Atomic<Bool>(false)
    private static let isInstalled = Atomic<Bool>(false)

    /// Notes how to give the terminal back and stands by.
    /// - Parameters:
    ///   - sequence: bytes that leave the alternate screen, show the cursor and reset the colours; at most 512.
    ///   - descriptor: where to write them.
    ///   - modes: the terminal's settings from before the dashboard, if it is one.
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

    /// The terminal has been given back properly.
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
            // A hang-up that the executable handles or ignores stays its own. (Not so SIGQUIT: Swift's backtracer takes
            // it in every program, and gives no terminal back.)
            if number == SIGHUP, unsafe address(previous.pointee) != 0 { unsafe sigaction(number, previous, nil) }
        }
    }

    /// The handler as a number: 0 is the system's default, 1 ignores the signal.
    private static func address(_ action: sigaction) -> Int {
        unsafe unsafeBitCast(action.__sigaction_handler.sa_handler, to: Int.self)
    }

    /// A stack of the handler's own, so that it works after a stack overflow too.
    private static func prepareStack() {
        let size = 64 * 1024
        var stack = unsafe stack_t()
        unsafe stack.ss_sp = UnsafeMutableRawPointer.allocate(byteCount: size, alignment: 16)
        unsafe stack.ss_size = size
        unsafe _ = sigaltstack(&stack, nil)
    }

    /// Restores, lets whoever handled the signal before have it (Swift's backtracer), and then dies of it: it is
    /// blocked in here, and so arrives once this returns.
    private static func handle(
        _ number: Int32, _ information: UnsafeMutablePointer<siginfo_t>?, _ context: UnsafeMutableRawPointer?
    ) {
        if restore() { say(number) }
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

    /// - Returns: whether there was something to give back.
    private static func restore() -> Bool {
        guard isArmed.exchange(false, ordering: .sequentiallyConsistent) else { return false }
        let memory = unsafe memory.pointer
        let descriptor = unsafe memory.pointee.descriptor
        unsafe _ = write(descriptor, memory.pointee.bytes, memory.pointee.count)
        // From the background the settings would be refused, and the dying process stopped instead.
        _ = signal(SIGTTOU, SIG_IGN)
        if unsafe memory.pointee.hasModes { unsafe _ = tcsetattr(descriptor, TCSANOW, &memory.pointee.modes) }
        StandardErrorCapture.release()
        return true
    }

    /// What happened, on standard error.
    private static func say(_ number: Int32) {
        tell("ended by signal ")
        let (tens, ones) = (UInt8(truncatingIfNeeded: number / 10), UInt8(truncatingIfNeeded: number % 10))
        var digits = InlineArray<2, UInt8>(repeating: UInt8(ascii: "0") + ones)
        digits[0] = UInt8(ascii: "0") + tens
        var bytes = digits.mutableSpan
        let first = tens == 0 ? 1 : 0
        unsafe bytes.withUnsafeMutableBytes {
            unsafe _ = write(STDERR_FILENO, $0.baseAddress! + first, 2 - first)
        }
        tell("\n")
    }

    private static func tell(_ words: StaticString) {
        unsafe _ = write(STDERR_FILENO, words.utf8Start, words.utf8CodeUnitCount)
    }
}
