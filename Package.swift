// swift-tools-version: 6.2
import PackageDescription

/// The settings of every Swift target: Swift 6 mode, warnings are errors.
let swift: [SwiftSetting] = [.swiftLanguageMode(.v6), .treatAllWarnings(as: .error)]

/// The settings of product code: strict memory safety as well, so that each unsafe expression is marked `unsafe`.
let strict: [SwiftSetting] = swift + [.strictMemorySafety()]

func system(_ folder: String, apt package: String) -> Target {
    .systemLibrary(name: "CEmotion" + folder.dropFirst(), path: "Sources/\(folder)", providers: [.apt([package])])
}

/// A module of this package. Its folder has a short name; the module has a name that no other package has.
func module(_ folder: String, _ dependencies: [Target.Dependency] = []) -> Target {
    .target(name: "Emotion\(folder)", dependencies: dependencies, path: "Sources/\(folder)", swiftSettings: strict)
}

/// The commit that `--version` names. The Makefile sets the variable for what is installed; without it, no
/// commit is named.
let commit: [CSetting] =
    Context.environment["EMOSCOPE_COMMIT"].map { [.define("EMOSCOPE_COMMIT", to: "\"\($0)\"")] } ?? []

let package = Package(
    name: "emoscope",
    products: [
        .executable(name: "emoscope", targets: ["emoscope"]),
        .library(name: "EmotionRecognition", targets: ["EmotionRecognition"]),
        .library(name: "EmotionLive", targets: ["EmotionLive"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/swhitty/FlyingFox", from: "0.27.1"),
        .package(url: "https://github.com/LebJe/TOMLKit", from: "0.6.0"),
    ],
    targets: [
        system("CALSA", apt: "libasound2-dev"),
        system("CNcurses", apt: "libncurses-dev"),
        system("CSndFile", apt: "libsndfile1-dev"),
        system("CSampleRate", apt: "libsamplerate0-dev"),
        system("CCrypto", apt: "libssl-dev"),
        system("COpenBLAS", apt: "libopenblas-dev"),
        .systemLibrary(name: "CEmotionGlibc", path: "Sources/CGlibc"),
        .systemLibrary(name: "CEmotionPulse", path: "Sources/CPulse"),
        .target(name: "CEmotionBuild", path: "Sources/CBuild", cSettings: commit),
        .target(name: "CEmotionKernels", dependencies: ["CEmotionOpenBLAS"], path: "Sources/CKernels"),
        module("Core", ["CEmotionGlibc"]),
        module("Files", ["EmotionCore"]),
        module(
            "SoundFiles", ["EmotionCore", "EmotionFiles", "CEmotionGlibc", "CEmotionSndFile", "CEmotionSampleRate"]),
        module("Capture", ["EmotionCore", "EmotionSoundFiles", "CEmotionALSA", "CEmotionPulse"]),
        module("Stream", ["EmotionCore", "EmotionFiles"]),
        module("Report", ["EmotionCore", "EmotionFiles", "EmotionStream"]),
        .target(
            name: "EmotionNetwork",
            dependencies: ["EmotionCore", "CEmotionKernels", "CEmotionCrypto"],
            path: "Sources/Model", swiftSettings: strict),
        .target(
            name: "CEmotionWeights", path: "Weights",
            exclude: [
                "LICENSE.resemblyzer", "LICENSE.silero-vad", "LICENSE.whisper", "README.md", "calibration.svg",
                "conversion",
                "training",
            ],
            sources: ["weights.c"],
            resources: [
                .copy("emoscope.safetensors"), .copy("emoscope-open.safetensors"), .copy("silero_vad_16k.safetensors"),
                .copy("ge2e_speaker_encoder.safetensors"),
            ],
            publicHeadersPath: "include"),
        module(
            "Recognition",
            ["EmotionCore", "EmotionSoundFiles", "EmotionStream", "EmotionNetwork", "CEmotionWeights"]),
        module(
            "Live",
            [
                "EmotionCore", "EmotionSoundFiles", "EmotionCapture", "EmotionStream", "EmotionNetwork",
                "EmotionRecognition",
            ]),
        .target(
            name: "EmotionWeightsImport", dependencies: ["EmotionFiles", "EmotionNetwork"], path: "Sources/Import",
            swiftSettings: strict),
        module("Evaluation", ["EmotionCore", "EmotionFiles"]),
        module("TUI", ["EmotionCore", "CEmotionNcurses"]),
        .target(
            name: "EmotionServe",
            dependencies: [
                "EmotionCore", "EmotionStream", .product(name: "FlyingSocks", package: "FlyingFox"),
            ],
            path: "Sources/Serve",
            resources: [.embedInCode("Page/page.html"), .embedInCode("Page/page.css"), .embedInCode("Page/page.js")],
            swiftSettings: strict),
        .executableTarget(
            name: "emoscope",
            dependencies: [
                "CEmotionBuild", "CEmotionGlibc", "EmotionCore", "EmotionFiles", "EmotionSoundFiles", "EmotionCapture",
                "EmotionStream", "EmotionNetwork", "EmotionRecognition", "EmotionLive", "EmotionWeightsImport",
                "EmotionTUI", "EmotionEvaluation", "EmotionServe", "EmotionReport",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "TOMLKit", package: "TOMLKit"),
            ],
            swiftSettings: strict
        ),
        .executableTarget(
            name: "Benchmarks", dependencies: ["EmotionNetwork", "EmotionStream", "CEmotionKernels", "CAllocations"],
            path: "Benchmarks/Sources", swiftSettings: swift),
        .target(
            name: "TestSupport",
            dependencies: ["EmotionCore", "EmotionSoundFiles", "EmotionStream", "CEmotionSndFile"],
            path: "Tests/TestSupport", swiftSettings: swift),
        .target(name: "CAllocations", path: "Tests/CAllocations"),
        .testTarget(
            name: "CoreTests", dependencies: ["EmotionCore"], swiftSettings: swift),
        .testTarget(name: "FilesTests", dependencies: ["EmotionFiles", "TestSupport"], swiftSettings: swift),
        .testTarget(
            name: "SoundFilesTests",
            dependencies: ["EmotionCore", "EmotionFiles", "EmotionSoundFiles", "CEmotionSndFile", "TestSupport"],
            swiftSettings: swift),
        .testTarget(
            name: "CaptureTests",
            dependencies: ["EmotionCore", "EmotionSoundFiles", "EmotionCapture", "CEmotionSndFile", "TestSupport"],
            swiftSettings: swift),
        .testTarget(
            name: "StreamTests", dependencies: ["EmotionCore", "EmotionFiles", "EmotionStream", "TestSupport"],
            swiftSettings: swift),
        .testTarget(
            name: "ServeTests", dependencies: ["EmotionServe", "EmotionCore", "EmotionStream", "TestSupport"],
            exclude: ["Browser"],
            swiftSettings: swift),
        .testTarget(
            name: "ReportTests",
            dependencies: ["EmotionCore", "EmotionFiles", "EmotionStream", "EmotionReport", "TestSupport"],
            exclude: ["Goldens"],
            swiftSettings: swift),
        .testTarget(
            name: "LiveTests",
            dependencies: [
                "EmotionLive", "EmotionCore", "EmotionSoundFiles", "EmotionCapture", "EmotionStream", "TestSupport",
            ],
            swiftSettings: swift),
        .testTarget(
            name: "ModelTests",
            dependencies: [
                "EmotionCore", "EmotionNetwork", "EmotionWeightsImport", "CEmotionKernels", "CEmotionSndFile",
                "TestSupport",
                "CAllocations",
            ],
            exclude: ["Goldens"],
            swiftSettings: swift),
        .testTarget(
            name: "RecognitionTests", dependencies: ["EmotionCore", "EmotionRecognition", "EmotionSoundFiles"],
            swiftSettings: swift),
        .testTarget(
            name: "EvaluationTests", dependencies: ["EmotionCore", "EmotionEvaluation"], exclude: ["Goldens"],
            swiftSettings: swift),
        .executableTarget(
            name: "TUIDemo", dependencies: ["EmotionCore", "EmotionTUI"], path: "Tests/TUIDemo", swiftSettings: swift),
        .testTarget(
            name: "TUITests", dependencies: ["EmotionCore", "EmotionTUI", "TUIDemo", "TestSupport"],
            exclude: ["Frames"], swiftSettings: swift),
        .executableTarget(
            name: "Fuzz",
            dependencies: [
                "EmotionCore", "EmotionFiles", "EmotionSoundFiles", "EmotionNetwork", "EmotionWeightsImport",
                "EmotionStream", "EmotionReport", "EmotionEvaluation", "CEmotionSndFile", "TestSupport",
            ],
            path: "Tests/Fuzz",
            swiftSettings: swift),
        .testTarget(name: "FuzzTests", dependencies: ["Fuzz", "TestSupport"], swiftSettings: swift),
        .testTarget(
            name: "EmoscopeTests",
            dependencies: [
                "emoscope", "EmotionCore", "EmotionFiles", "EmotionSoundFiles", "EmotionStream", "Fuzz", "TestSupport",
            ],
            exclude: ["Goldens"], swiftSettings: swift),
    ]
)

// The plug-in that builds the documentation, for `make docs` alone, so that dependent packages never resolve it.
if Context.environment["EMOSCOPE_DOCS"] != nil {
    package.dependencies.append(.package(url: "https://github.com/swiftlang/swift-docc-plugin", from: "1.4.0"))
}
