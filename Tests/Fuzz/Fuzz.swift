import Foundation

/// A reader of hostile bytes.
protocol Target {
    /// Makes the bytes of a case and passes them to the reader, which may refuse them but not crash.
    func run(_ chance: inout Chance)
}

/// Passes made-up hostile files to every reader: `Fuzz [--cases N] [--seed S] [--target NAME] [--case K]`.
///
/// Each target gets its share of the cases; `--case` runs a single one again and leaves its input behind. No case may
/// crash, hang, break an invariant, or outgrow the bounds of `Guard`.
@main
struct Fuzz {
    static let names = ["safetensors", "checkpoint", "audio", "log", "speakers", "turns", "manifest"]

    static func target(_ name: String, _ scratch: String) throws -> any Target {
        switch name {
        case "safetensors": try SafetensorsTarget(scratch: scratch)
        case "checkpoint": try CheckpointTarget(scratch: scratch)
        case "audio": try AudioTarget(scratch: scratch)
        case "log": LogTarget(scratch: scratch)
        case "speakers": SpeakersTarget(scratch: scratch)
        case "turns": TurnsTarget(scratch: scratch)
        default: ManifestTarget(scratch: scratch)
        }
    }

    static func main() throws {
        func value(_ name: String) -> String? {
            guard let index = CommandLine.arguments.firstIndex(of: name) else { return nil }
            return CommandLine.arguments.dropFirst(index + 1).first
        }
        let cases = value("--cases").flatMap { Int($0) } ?? 3000
        let seed = value("--seed").flatMap { UInt64($0) } ?? 1
        let single = value("--case").flatMap { Int($0) }
        let chosen = names.filter { value("--target") == nil || value("--target") == $0 }
        guard !chosen.isEmpty else {
            print("the targets are \(names.joined(separator: ", "))")
            exit(2)
        }
        let memory = FileManager.default.isWritableFile(atPath: "/dev/shm") ? "/dev/shm" : NSTemporaryDirectory()
        let scratch = "\(memory)/emoscope-fuzz-\(getpid())"
        try FileManager.default.createDirectory(atPath: scratch, withIntermediateDirectories: true)
        let targets = try chosen.map { try target($0, scratch) }
        Guard.install()
        for (name, target) in zip(chosen, targets) {
            let first = single ?? 0
            let end = single.map { $0 + 1 } ?? max(1, cases / chosen.count)
            try run(target, name, first..<end, seed: seed, scratch)
        }
        if single == nil { try FileManager.default.removeItem(atPath: scratch) }
    }

    private static func run(
        _ target: any Target, _ name: String, _ numbers: Range<Int>, seed: UInt64, _ scratch: String
    ) throws {
        let begin = ContinuousClock.now
        for number in numbers {
            Guard.begin("\(name), case \(number): Fuzz --target \(name) --seed \(seed) --case \(number), in \(scratch)")
            var chance = Chance(seed: seed, case: number)
            target.run(&chance)
            if number % 64 == 0 { _ = Guard.checkMemory() }
        }
        let growth = Guard.checkMemory() >> 10
        let seconds = (ContinuousClock.now - begin).components.seconds
        // Flushed at once, also into a file.
        FileHandle.standardOutput.write(
            Data(
                "\(name): \(numbers.count) cases, seed \(seed), \(seconds) s, memory grew by at most \(growth) KiB\n"
                    .utf8))
    }
}

/// Overwrites a case's file.
func put(_ bytes: [UInt8], in path: String) {
    let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
    guard descriptor >= 0, bytes.withUnsafeBytes({ write(descriptor, $0.baseAddress, $0.count) }) == bytes.count else {
        Guard.fail("cannot write the case's file")
    }
    close(descriptor)
}

/// A golden file of the model's tests.
func golden(_ name: String) throws -> [UInt8] {
    let tests = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    return Array(try Data(contentsOf: tests.appendingPathComponent("ModelTests/Goldens/\(name)")))
}
