// swift-tools-version: 6.2
import PackageDescription

// A program that prints the emotion of a voice live. A package of your own names emoscope by its git URL and a version.
let package = Package(
    name: "live",
    dependencies: [.package(name: "emoscope", path: "../..")],
    targets: [.executableTarget(name: "live", dependencies: [.product(name: "EmotionLive", package: "emoscope")])]
)
