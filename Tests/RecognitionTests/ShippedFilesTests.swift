import EmotionRecognition
import Foundation
import Testing

@Suite struct ShippedFilesTests {
    @Test(arguments: [ShippedFiles.weights, ShippedFiles.voiceActivity, ShippedFiles.speakerEncoder])
    func areFoundAndAreResources(name: String) throws {
        let path = try ShippedFiles.path(of: name)
        #expect(path.hasSuffix("/" + name) && FileManager.default.isReadableFile(atPath: path))
        let program = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        let resources = URL(fileURLWithPath: program).deletingLastPathComponent()
            .appendingPathComponent("emoscope_CEmotionWeights.resources")
        #expect(FileManager.default.isReadableFile(atPath: resources.appendingPathComponent(name).path))
    }
}
