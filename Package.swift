// swift-tools-version: 6.2
import PackageDescription

/// What every Swift target of ours is compiled with: Swift 6 mode, warnings are errors.
let swift: [SwiftSetting] = [.swiftLanguageMode(.v6), .treatAllWarnings(as: .error)]

/// Product code is held to strict memory safety on top: each unsafe expression is marked `unsafe`.
let strict: [SwiftSetting] = swift + [.strictMemorySafety()]

/// Numeric code stays optimised in debug builds, or its tests would take thirty times as long.
let numeric: [SwiftSetting] = strict + [.unsafeFlags(["-O"], .when(configuration: .debug))]

func system(_ name: String, apt package: String) -> Target {
    .systemLibrary(name: name, path: "Sources/\(name)", providers: [.apt([package])])
}

let package = Package(
    name: "emoscope",
    products: [
        .executable(name: "emoscope", targets: ["emoscope"]),
        // For the package in Benchmarks.
        .library(name: "Parts", targets: ["Model", "Stream", "CKernels", "CAllocations"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2")
    ],
    targets: [
        system("CALSA", apt: "libasound2-dev"),
        system("CNcurses", apt: "libncurses-dev"),
        system("CSndFile", apt: "libsndfile1-dev"),
        system("CSampleRate", apt: "libsamplerate0-dev"),
        system("CKissFFT", apt: "libkissfft-dev"),
        system("CCrypto", apt: "libssl-dev"),
        .systemLibrary(name: "CMalloc"),
        // The functions that choose between clones run before ThreadSanitizer is up, and would crash in its hooks.
        .target(
            name: "CKernels",
            cSettings: [.unsafeFlags(["-O3", "-Wall", "-Wextra", "-Werror", "-fno-sanitize=thread"])]
        ),
        .target(name: "Files", swiftSettings: strict),
        .target(name: "Locks", swiftSettings: strict),
        // Numeric too: without optimisation the real-time thread would ask the runtime for what is known at compile time.
        .target(
            name: "Capture", dependencies: ["Files", "Locks", "CALSA", "CSndFile", "CSampleRate"],
            swiftSettings: numeric),
        .target(name: "Stream", dependencies: ["Files", "Locks"], swiftSettings: numeric),
        .target(
            name: "Model", dependencies: ["Files", "CKernels", "CKissFFT", "CCrypto"],
            swiftSettings: numeric),
        .target(name: "Evaluation", swiftSettings: numeric),
        .target(name: "TUI", dependencies: ["CNcurses"], swiftSettings: strict),
        .executableTarget(
            name: "emoscope",
            dependencies: [
                "CMalloc", "Files", "Locks", "Capture", "Stream", "Model", "TUI", "Evaluation",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            swiftSettings: strict
        ),
        .target(name: "TestSupport", dependencies: ["Locks"], path: "Tests/TestSupport", swiftSettings: swift),
        .target(name: "CAllocations", path: "Tests/CAllocations"),
        .testTarget(name: "FilesTests", dependencies: ["Files", "TestSupport"], swiftSettings: swift),
        .testTarget(
            name: "CaptureTests", dependencies: ["Files", "Locks", "Capture", "TestSupport"], swiftSettings: swift),
        .testTarget(
            name: "StreamTests", dependencies: ["Files", "Locks", "Stream", "TestSupport"], swiftSettings: swift),
        .testTarget(
            name: "ModelTests", dependencies: ["Model", "CSndFile", "TestSupport", "CAllocations"],
            exclude: ["Goldens"],
            swiftSettings: swift),
        .testTarget(name: "EvaluationTests", dependencies: ["Evaluation"], swiftSettings: swift),
        .executableTarget(name: "TUIDemo", dependencies: ["TUI"], path: "Tests/TUIDemo", swiftSettings: swift),
        .testTarget(name: "TUITests", dependencies: ["TUI", "TUIDemo", "TestSupport"], swiftSettings: swift),
        .executableTarget(
            name: "Fuzz", dependencies: ["Capture", "Model", "Stream", "Evaluation", "CSndFile", "TestSupport"],
            path: "Tests/Fuzz",
            swiftSettings: swift + [.unsafeFlags(["-O"], .when(configuration: .debug))]),
        .testTarget(name: "FuzzTests", dependencies: ["Fuzz", "TestSupport"], swiftSettings: swift),
        .testTarget(
            name: "EmoscopeTests", dependencies: ["emoscope", "Files", "Capture", "TestSupport"],
            exclude: ["Goldens"], swiftSettings: swift),
    ]
)
