// swift-tools-version: 6.2
import PackageDescription

let package = Package(
    name: "recognize",
    // In a package of your own: .package(url: "https://…/emoscope", from: "VERSION").
    dependencies: [.package(name: "emoscope", path: "../..")],
    targets: [
        .executableTarget(
            name: "recognize", dependencies: [.product(name: "EmotionRecognition", package: "emoscope")])
    ]
)
