import Foundation
import TestSupport
import Testing

@testable import EmotionNetwork

@Suite struct SafetensorsFileTests {
    let folder: ScratchFolder

    init() throws {
        folder = try ScratchFolder()
    }

    func open(header: String, length: UInt64? = nil, data: [UInt8] = []) throws -> SafetensorsFile {
        let json = Array(header.utf8)
        let path = try folder.write("x.safetensors", littleEndian(length ?? UInt64(json.count)) + json + data)
        return try SafetensorsFile(path: path)
    }

    func problem(header: String, length: UInt64? = nil, data: [UInt8] = []) -> String {
        do {
            _ = try open(header: header, length: length, data: data)
            return "none"
        } catch let error as WeightsError {
            return error.problem
        } catch {
            return "\(error)"
        }
    }

    func tensor(_ name: String = "a", type: String = "F32", shape: String = "[2]", offsets: String = "[0,8]") -> String
    {
        #""\#(name)":{"dtype":"\#(type)","shape":\#(shape),"data_offsets":\#(offsets)}"#
    }

    @Test func readsShippedVoiceActivityWeights() throws {
        let file = try SafetensorsFile(path: Folder.weights.appendingPathComponent("silero_vad_16k.safetensors").path)
        #expect(file.names.count == 15)
        #expect(file.names.contains("stft_conv.weight"))
        let tensor = try #require(file.tensor("conv1.weight"))
        #expect(tensor.shape == [128, 129, 3])
        #expect(tensor.count == 128 * 129 * 3)
        #expect(tensor.floats().map { $0.allSatisfy { $0.isFinite && abs($0) < 100 } } == true)
        #expect(unsafe tensor.float32.map(Array.init) == tensor.floats())
        #expect(file.tensor("no such") == nil)
    }

    @Test func viewOutlivesFile() throws {
        var view: SafetensorsTensor?
        do {
            let header = "{" + tensor() + "}"
            let padding = String(repeating: " ", count: (8 - header.utf8.count % 8) % 8)
            let file = try open(
                header: header + padding, data: [Float(1.5), -2].flatMap { littleEndian($0.bitPattern) })
            view = file.tensor("a")
        }
        #expect(view?.floats() == [1.5, -2])
    }

    @Test func readsMetadataEscapesAndScalars() throws {
        let file = try open(
            header: #"{ "__metadata__" : {"k\u00e9\"\n": "\ud83d\ude00/\/"}, "#
                + tensor("s", type: "U8", shape: "[]", offsets: "[0,1]") + ","
                + tensor("e", type: "U8", shape: "[0, 7]", offsets: "[1,1]") + " }  ", data: [7])
        #expect(file.metadata == ["ké\"\n": "😀//"])
        #expect(file.tensor("s")?.shape == [])
        #expect(file.tensor("s")?.count == 1)
        #expect(file.tensor("e")?.count == 0)
        #expect(file.tensor("s")?.floats() == nil)
    }

    @Test func convertsHalfExactly() {
        let halves = (UInt16.min...UInt16.max).map(\.littleEndian)
        var floats = [Float](repeating: 0, count: halves.count)
        unsafe halves.withUnsafeBytes { source in
            unsafe floats.withUnsafeMutableBufferPointer { unsafe convertToFloat(source, .float16, into: $0) }
        }
        for bits in UInt16.min...UInt16.max {
            // Value by the definition of binary16.
            let exponent = Int(bits >> 10 & 31)
            let fraction = Float(bits & 1023)
            var expected: Float
            switch exponent {
            case 0: expected = fraction * 0x1p-24
            case 31: expected = fraction == 0 ? .infinity : .nan
            default: expected = Float(sign: .plus, exponent: exponent - 25, significand: 1024 + fraction)
            }
            if bits & 0x8000 != 0 { expected = -expected }
            let got = floats[Int(bits)]
            guard got == expected && got.sign == expected.sign || got.isNaN && expected.isNaN else {
                Issue.record("half \(bits) gives \(got), not \(expected)")
                return
            }
        }
    }

    @Test func refusesHostileLengths() throws {
        #expect(problem(header: "{}", length: .max).contains("claims a header of 18446744073709551615 bytes"))
        #expect(problem(header: "{}", length: UInt64(Int.max)).contains("claims a header"))
        #expect(problem(header: "{}", length: 3).contains("claims a header of 3 bytes"))
        #expect(problem(header: "{}", length: 100 << 20).contains("claims a header"))
        let short = try folder.write("short", [1, 2, 3])
        #expect(throws: WeightsError.self) { try SafetensorsFile(path: short) }
        let empty = try folder.write("empty", [])
        #expect(throws: WeightsError.self) { try SafetensorsFile(path: empty) }
    }

    @Test func refusesBrokenJSON() {
        for header in [
            "", "[]", "{", "{\"a\"", "{\"a\":1}", "{\"a\":{}}", "{}x", "{\"a", "{,}", "{\"\\q\":{}}",
            "{\"\\ud800\":{}}",
        ] {
            #expect(problem(header: header) != "none", "\(header)")
        }
        let nested = String(repeating: "{\"a\":", count: 100_000)
        #expect(problem(header: nested) != "none")
        #expect(problem(header: String(repeating: "[", count: 1_000_000)) != "none")
        let path = try? folder.write("utf", littleEndian(UInt64(5)) + [0x7B, 0x22, 0xFF, 0x22, 0x7D])
        #expect(throws: WeightsError.self) { try SafetensorsFile(path: path ?? "") }
    }

    @Test func refusesHostileEntries() {
        let eight = [UInt8](repeating: 0, count: 8)
        func entry(_ type: String = "F32", shape: String = "[2]", offsets: String = "[0,8]") -> String {
            problem(header: "{" + tensor(type: type, shape: shape, offsets: offsets) + "}", data: eight)
        }
        #expect(entry("F99").contains("unknown element type 'F99'"))
        #expect(entry(shape: "[-2]").contains("non-negative integer"))
        #expect(entry(shape: "[1e3]").contains("no ']'"))
        #expect(entry(shape: "[2.0]").contains("no ']'"))
        #expect(entry(shape: "[02]").contains("non-negative integer"))
        #expect(entry(shape: "[99999999999999999999]").contains("overflows"))
        #expect(entry(shape: "[4294967296,4294967296]").contains("overflows"))
        #expect(entry(shape: "[9223372036854775807,9223372036854775807,0]", offsets: "[0,0]").contains("overflows"))
        #expect(entry(shape: "[1,1,1,1,1,1,1,1,2]").contains("more than 8"))
        #expect(entry(shape: "[3]").contains("takes 12 bytes"))
        #expect(entry(shape: "[4]", offsets: "[0,16]").contains("cut short"))
        #expect(entry(offsets: "[8,0]").contains("offsets are [8, 0]"))
        #expect(entry(offsets: "[0,8,9]").contains("more than 2"))
        #expect(entry(offsets: "[8]").contains("lacks one"))
        #expect(entry(shape: "[1]", offsets: "[0,4]").contains("no tensor covers data bytes 4..<8"))
        #expect(entry(shape: "[1]", offsets: "[4,8]").contains("no tensor covers data bytes 0..<4"))
        #expect(entry().contains("not aligned"))
        #expect(
            problem(header: "{" + tensor("a") + "," + tensor("b", shape: "[1]", offsets: "[4,8]") + "}", data: eight)
                .contains("'b' overlaps"))
        #expect(problem(header: "{" + tensor() + "," + tensor() + "}", data: eight).contains("'a' occurs twice"))
        #expect(problem(header: #"{"__metadata__":{"k":"1","k":"2"}}"#).contains("'k' occurs twice"))
        #expect(problem(header: #"{"__metadata__":{},"__metadata__":{}}"#).contains("occurs twice"))
        #expect(problem(header: #"{"a":{"dtype":"F32","dtype":"F32"}}"#).contains("repeated field 'dtype'"))
    }

    @Test func everyTruncationIsAnError() throws {
        let whole = try Data(contentsOf: Folder.weights.appendingPathComponent("silero_vad_16k.safetensors"))
        for count in [0, 1, 7, 8, 9, 100, 1215, 1216, 1217, 500_000, whole.count - 1] {
            let path = try folder.write("cut", Array(whole.prefix(count)))
            #expect(throws: WeightsError.self, "\(count) bytes") { try SafetensorsFile(path: path) }
        }
    }

    @Test func refusesWhatIsNoFile() {
        for path in ["/no/such/file", folder.url.path, "/dev/zero"] {
            #expect(throws: WeightsError.self) { try SafetensorsFile(path: path) }
        }
    }
}
